import type { AdminDoor } from '@spillway/client/admin-door.ts';
import { reasonOf } from '@spillway/client/front-door.ts';
import { UNBLOCK_ACTIONS, type UnblockAction } from '@spillway/shared/contracts/blocked-key.ts';
import { LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import { type Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { limitOption, stageOption } from '../options.ts';
import { openAdminDoor, tenantId } from '../session.ts';

const DESCRIPTIONS: Record<UnblockAction, string> = {
  release: 'Run the failed job of a blocked key again, and then the later jobs of the key',
  skip: 'Leave the failed job of a blocked key FAILED, and run the later jobs of the key',
};

export function addBlockedKeys(program: Command): void {
  const keys = program
    .command('blocked-keys')
    .enablePositionalOptions()
    .description(
      'Print the order keys of all tenants that are blocked by a failed job, the newest failure first, as lines of JSON',
    )
    .addOption(new Option('--type <type>', 'only those of a job type'))
    .addOption(
      new Option('--tenant <id>', 'only those of a tenant, by its id, or on the local engine also by its name'),
    )
    .addOption(limitOption('keys'))
    .addOption(stageOption())
    .action(async ({ limit, stage, tenant, type }) => {
      const { door, target } = await openAdminDoor({ stage });
      const filter = { ...(type && { type }), ...(tenant && { tenant: tenantId(target, tenant) }) };
      await print(door, filter, limit);
    });

  for (const action of UNBLOCK_ACTIONS) {
    keys
      .command(action)
      .description(DESCRIPTIONS[action])
      .argument('<tenant>', 'the tenant, as the list prints it')
      .argument('<type>', 'the job type')
      .argument('<key>', 'the value of the order key')
      .addOption(stageOption())
      .action(async (tenant: string, type: string, key: string, options) => {
        const { door, target } = await openAdminDoor(options);
        const answer = await door.unblock({ tenant: tenantId(target, tenant), type, key, action });
        if (answer.status !== 200) throw new CliError('REFUSED', `The key stays blocked (${reasonOf(answer)})`);
        console.log(JSON.stringify(answer.body, null, 2));
      });
  }
}

async function print(door: AdminDoor, filter: Record<string, string>, limit: number): Promise<void> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const query = { ...filter, limit: String(Math.min(left, LONGEST_PAGE)), ...(cursor && { cursor }) };
    const answer = await door.blockedKeys(query);
    if (answer.status !== 200) throw new CliError('NO_LIST', `The keys could not be listed (${reasonOf(answer)})`);
    for (const key of answer.body.blockedKeys) console.log(JSON.stringify(key));
    left -= answer.body.blockedKeys.length;
    cursor = answer.body.cursor;
  } while (cursor && left > 0);
}
