import { type Decision, VERDICTS } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { Argument, type Command } from 'commander';
import { idArgument, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

interface Options {
  stage?: string;
  tenant: string;
  comment?: string;
}

export function addDecide(program: Command): void {
  program
    .command('decide')
    .description('Answer a job that waits for a decision; the same answer again changes nothing')
    .addArgument(typeArgument(({ awaitsDecision }) => awaitsDecision))
    .addArgument(idArgument())
    .addArgument(new Argument('<decision>', 'the answer').choices(VERDICTS))
    .option('--comment <text>', 'why, for the people who read the result')
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (type: JobType, id: string, decision: Decision['decision'], options: Options) => {
      const { client } = await openFrontDoor(options);
      const { comment } = options;
      const decided = await client
        .jobsOf(type.name)
        .decide(id, decision, { ...(comment !== undefined && { comment }) });
      console.log(JSON.stringify(decided, null, 2));
    });
}
