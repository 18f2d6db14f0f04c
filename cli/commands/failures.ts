import { reasonOf } from '@spillway/client/front-door.ts';
import { LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import { type Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { addFailureFilter, limitOption, stageOption } from '../options.ts';
import { openAdminDoor, tenantId } from '../session.ts';

export function addFailures(program: Command): void {
  const failures = program
    .command('failures')
    // show has options of the same names
    .enablePositionalOptions()
    .description(
      'Print failed and expired jobs and parked messages of all tenants, the newest first, as lines of JSON',
    );
  addFailureFilter(failures)
    .addOption(
      new Option('--replayed <boolean>', 'only those that were replayed (true), or that were not (false)').choices([
        'true',
        'false',
      ]),
    )
    .addOption(limitOption('failures'))
    .addOption(stageOption())
    .action(async ({ limit, stage, tenant, from, to, ...filter }) => {
      const { door, target } = await openAdminDoor({ stage });
      let left: number = limit;
      let cursor: string | undefined;
      do {
        const query = {
          ...filter,
          ...(from && { from: from.toISOString() }),
          ...(to && { to: to.toISOString() }),
          ...(tenant && { tenant: tenantId(target, tenant) }),
          limit: String(Math.min(left, LONGEST_PAGE)),
          ...(cursor && { cursor }),
        };
        const answer = await door.failures(query);
        if (answer.status !== 200)
          throw new CliError('NO_LIST', `The failures could not be listed (${reasonOf(answer)})`);
        for (const failure of answer.body.failures) console.log(JSON.stringify(failure));
        left -= answer.body.failures.length;
        cursor = answer.body.cursor;
      } while (cursor && left > 0);
    });

  failures
    .command('show')
    .description(
      'Print everything about a failure as JSON: the input, the attempts, the errors and, on AWS, a link to the logs',
    )
    .argument('<tenant>', 'the tenant, as the list prints it')
    .argument('<type>', 'the job type')
    .argument('<id>', 'the job id')
    .addOption(stageOption())
    .action(async (tenant: string, type: string, jobId: string, options) => {
      const { door, target } = await openAdminDoor(options);
      const answer = await door.failure({ tenant: tenantId(target, tenant), type, jobId });
      if (answer.status !== 200)
        throw new CliError('NO_FAILURE', `The failure could not be read (${reasonOf(answer)})`);
      const { links, ...failure } = answer.body;
      // the link is to the AWS console, which knows nothing of the local engine
      const shown = target.endpoint === undefined ? { ...failure, links } : failure;
      console.log(JSON.stringify(shown, null, 2));
    });
}
