import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '@spillway/shared/contracts/job.ts';
import { read } from '../arguments.ts';
import { CliError } from '../errors.ts';
import { checkJobId, JOB_OPTIONS, jobTypeOf } from '../jobs.ts';
import { session } from '../session.ts';

const LOOK_EVERY_MS = 500;

/** Prints each change of a job until it has an outcome. Ends with 1 if that is not SUCCEEDED, for scripts. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = read(
    args,
    'watch TYPE ID [--accepted-at MS] [--stage NAME] [--tenant NAME]',
    2,
    JOB_OPTIONS,
  );
  const [type = '', id = ''] = positionals;
  jobTypeOf(type);
  checkJobId(id);
  const door = await session(values);
  let shown = '';
  for (;;) {
    const { status, body: job } = await door.job(type, id, values['accepted-at']);
    if (status !== 200) throw new CliError('NO_JOB', `No job (${status}): ${job.detail}`);
    const progress = job.progress ? ` ${job.progress.done}/${job.progress.total} ${job.progress.message ?? ''}` : '';
    const line = `${job.status} (attempt ${job.attempts})${progress}`;
    if (line !== shown) console.log(line);
    shown = line;
    if (isSettled(job.status)) {
      console.log(JSON.stringify(job.result ?? job.links.result ?? job.error, null, 2));
      if (job.status !== 'SUCCEEDED') process.exitCode = 1;
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
