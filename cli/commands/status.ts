import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { jobCommand, referenceTo } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addStatus(program: Command): void {
  jobCommand(program, 'status')
    .description('Print a job as JSON')
    .action(async (type: JobType, id: string, options) => {
      const { client } = await openFrontDoor(options);
      console.log(JSON.stringify(await client.jobsOf(type.name).get(referenceTo(id, options.acceptedAt)), null, 2));
    });
}
