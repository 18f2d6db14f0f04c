import type { JobList, JobView } from '@spillway/shared/contracts/job.ts';
import { changeOf, changesOf, type JobChange, progressOf } from './changes.ts';
import { type Patience, pause } from './patience.ts';

/** While the socket cannot be reached, one job is looked at this often, and lists less often, because they are longer. */
const LOOK_AT_JOB_MS = 2000;
const LOOK_AT_LISTS_MS = 10_000;
/** After this long, the socket is tried again. */
const POLLING_MS = 60_000;

/** The time of the last change that was shown. */
interface Shown {
  until: string;
}

/** Looks at a job for a while, and yields its changes. */
export async function* pollJob(
  look: (patience: Patience) => Promise<JobView>,
  shown: Shown,
  patience: Patience,
): AsyncGenerator<JobChange, void> {
  const end = Date.now() + POLLING_MS;
  let { until } = shown;
  let progress = '';
  for (;;) {
    const job = await look(patience);
    const changes = changesOf(job).filter(({ time }) => time > until);
    until = changes.at(-1)?.time ?? until;
    const now = JSON.stringify(job.progress ?? '');
    if (changes.length === 0 && job.progress && now !== progress) changes.push(progressOf(job));
    progress = now;
    yield* changes;
    if (Date.now() >= end) return;
    await pause(LOOK_AT_JOB_MS, patience.signal);
  }
}

/** Looks at lists of jobs for a while, and yields what changed in their newest hundred jobs. */
export async function* pollLists(
  lists: readonly ((patience: Patience) => Promise<JobList>)[],
  shown: Shown,
  patience: Patience,
): AsyncGenerator<JobChange, void> {
  const end = Date.now() + POLLING_MS;
  const known = new Map<string, string>();
  for (let first = true; ; first = false) {
    for (const list of lists) {
      for (const job of (await list(patience)).jobs.reverse()) {
        const change = changeOf(job);
        const key = `${job.type}/${job.jobId}`;
        const state = `${job.status} ${job.attempts}`;
        const isNew = known.get(key) !== state && (!first || change.time > shown.until);
        known.set(key, state);
        if (isNew) yield change;
      }
    }
    if (Date.now() >= end) return;
    await pause(LOOK_AT_LISTS_MS, patience.signal);
  }
}
