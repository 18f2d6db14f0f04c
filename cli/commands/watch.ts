import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { acceptedAtOption, idArgument, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

const LOOK_EVERY_MS = 500;

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('Print each change of a job until it has an outcome; exits with 1 unless it succeeded')
    .addArgument(typeArgument())
    .addArgument(idArgument())
    .addOption(acceptedAtOption())
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (type: JobType, id: string, options) => {
      const door = await openFrontDoor(options);
      let shown = '';
      for (;;) {
        const { status, body: job } = await door.job(type.name, id, options.acceptedAt);
        if (status !== 200) throw new CliError('NO_JOB', `The job could not be read (${status}): ${job.detail}`);
        const line = describe(job);
        if (line !== shown) console.log(line);
        shown = line;
        if (isSettled(job.status)) return conclude(job);
        await sleep(LOOK_EVERY_MS);
      }
    });
}

function describe({ status, attempts, progress }: JobView): string {
  const done = progress ? ` ${progress.done}/${progress.total} ${progress.message ?? ''}` : '';
  return `${status} (attempt ${attempts})${done}`;
}

function conclude(job: JobView): void {
  console.log(JSON.stringify(job.result ?? job.links.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}
