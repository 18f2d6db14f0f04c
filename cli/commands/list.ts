import { JOB_STATUSES, LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Command, Option } from 'commander';
import { limitOption, parseWhere, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addList(program: Command): void {
  program
    .command('list')
    .description('Print the jobs of a type, the newest first, each as a line of JSON')
    .addArgument(typeArgument())
    .addOption(new Option('--status <status>', 'only the jobs in this status').choices(JOB_STATUSES))
    .addOption(
      new Option(
        '--where <field=value>',
        "only the jobs whose input has this value; the field is one of the contract's search keys",
      ).argParser(parseWhere),
    )
    .addOption(limitOption('jobs'))
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name }: JobType, { status, where, limit, ...options }) => {
      const { client } = await openFrontDoor(options);
      let left: number = limit;
      let cursor: string | undefined;
      do {
        const page = await client.jobsOf(name).page({ status, where, cursor, limit: Math.min(left, LONGEST_PAGE) });
        for (const job of page.jobs) console.log(JSON.stringify(job));
        left -= page.jobs.length;
        cursor = page.cursor;
      } while (cursor && left > 0);
    });
}
