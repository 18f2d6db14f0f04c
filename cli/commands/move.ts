import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { Argument, type Command } from 'commander';
import { idArgument, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';
import { parseTimeAhead } from '../time-options.ts';

export function addMove(program: Command): void {
  program
    .command('move')
    .description('Move a scheduled job to another time and print it as JSON; a time in the past means now')
    .addArgument(typeArgument())
    .addArgument(idArgument())
    .addArgument(
      new Argument(
        '<time>',
        'when it may start, such as 2026-12-24T18:00:00Z, or seconds from now such as 3600',
      ).argParser(parseTimeAhead),
    )
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (type: JobType, id: string, time: string, options) => {
      const { client } = await openFrontDoor(options);
      console.log(JSON.stringify(await client.jobsOf(type.name).move(id, time), null, 2));
    });
}
