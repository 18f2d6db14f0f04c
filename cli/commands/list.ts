import { reasonOf } from '@spillway/client/front-door.ts';
import { JOB_STATUSES, LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { limitOption, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addList(program: Command): void {
  program
    .command('list')
    .description('Print the jobs of a type, the newest first, each as a line of JSON')
    .addArgument(typeArgument())
    .addOption(new Option('--status <status>', 'only the jobs in this status').choices(JOB_STATUSES))
    .addOption(limitOption('jobs'))
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name }: JobType, { status, limit, ...options }) => {
      const { door } = await openFrontDoor(options);
      let left: number = limit;
      let cursor: string | undefined;
      do {
        const query = {
          limit: String(Math.min(left, LONGEST_PAGE)),
          ...(status && { status }),
          ...(cursor && { cursor }),
        };
        const answer = await door.jobs(name, query);
        if (answer.status !== 200) throw new CliError('NO_LIST', `The jobs could not be listed (${reasonOf(answer)})`);
        for (const job of answer.body.jobs) console.log(JSON.stringify(job));
        left -= answer.body.jobs.length;
        cursor = answer.body.cursor;
      } while (cursor && left > 0);
    });
}
