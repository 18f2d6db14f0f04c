import { reasonOf } from '@spillway/client/front-door.ts';
import { type Decision, VERDICTS } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { Argument, type Command } from 'commander';
import { CliError } from '../errors.ts';
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
    .description('Answer a job that waits for a decision')
    .addArgument(typeArgument())
    .addArgument(idArgument())
    .addArgument(new Argument('<decision>', 'the answer').choices(VERDICTS))
    .option('--comment <text>', 'why, for the people who read the result')
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (type: JobType, id: string, decision: Decision['decision'], options: Options) => {
      const { door } = await openFrontDoor(options);
      const { comment } = options;
      const answer = await door.decide(type.name, id, { decision, ...(comment !== undefined && { comment }) });
      if (answer.status !== 202) throw new CliError('NOT_DECIDED', `The decision was refused (${reasonOf(answer)})`);
      console.log(JSON.stringify(answer.body, null, 2));
    });
}
