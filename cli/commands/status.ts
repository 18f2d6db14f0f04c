import { reasonOf } from '@spillway/client/front-door.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jobCommand } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addStatus(program: Command): void {
  jobCommand(program, 'status')
    .description('Print a job as JSON')
    .action(async (type: JobType, id: string, options) => {
      const { door } = await openFrontDoor(options);
      const answer = await door.job(type.name, id, options.acceptedAt);
      if (answer.status !== 200) throw new CliError('NO_JOB', `The job could not be read (${reasonOf(answer)})`);
      console.log(JSON.stringify(answer.body, null, 2));
    });
}
