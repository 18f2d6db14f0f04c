import { reasonOf } from '@spillway/client/front-door.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jobCommand } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addCancel(program: Command): void {
  jobCommand(program, 'cancel')
    .description('Cancel a job and print it as JSON: it is CANCELLED at once, or when its running attempt has stopped')
    .action(async (type: JobType, id: string, options) => {
      const { door } = await openFrontDoor(options);
      const answer = await door.cancel(type.name, id, options.acceptedAt);
      if (answer.status !== 202) throw new CliError('REFUSED', `The job was not cancelled (${reasonOf(answer)})`);
      console.log(JSON.stringify(answer.body, null, 2));
    });
}
