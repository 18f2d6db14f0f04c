import { LocalError } from '@spillway/engine/errors.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { inputOf } from './inputs.ts';
import type { Way } from './ways.ts';
import { CLOSED_PATH } from './webhook-sink.ts';

/** Which jobs a burst has. */
export interface Plan {
  jobTypes: readonly JobType[];
  /** All jobs, including the one that submits the lines of a file. */
  count: number;
  /** The number of the first job, so that a second burst does not reuse the ids of the first. 0 by default. */
  first?: number;
  sinkUrl: string;
  /** Makes the n-th input. By default that of the demo. */
  input?: typeof inputOf;
  /** The way of the k-th job of its type. By default each comes by a request of its own. */
  wayOf?: (jobType: JobType, k: number) => Way;
}

/** A job of a burst before it is sent. */
export interface Planned {
  jobType: JobType;
  way: Way;
  input: unknown;
  /** Half of the single jobs have none. */
  id: string | undefined;
}

/**
 * The jobs of a burst: all types in rotation. The first one of the way `bulk` is the job of the file that has the others as
 * its lines, and its input lacks the upload.
 *
 * @throws LocalError if there is no type
 */
export function* plannedJobs({
  jobTypes,
  count,
  first = 0,
  sinkUrl,
  input = inputOf,
  wayOf,
}: Plan): Generator<Planned> {
  let hasFile = false;
  for (let n = first; n < first + count; n += 1) {
    const jobType = jobTypes[n % jobTypes.length];
    if (!jobType) {
      throw new LocalError('NO_TYPES', 'There is no job type to send: add a contract to shared/contracts/jobs.');
    }
    // relative to the first job, so that a small burst has all ways, whatever its first number is
    const k = Math.floor((n - first) / jobTypes.length);
    const way = wayOf?.(jobType, k) ?? 'single';
    const id = way === 'single' && k % 2 === 0 ? undefined : `burst-${n}`;
    if (way === 'bulk' && !hasFile) {
      hasFile = true;
      yield { jobType: bulkSubmit, way, input: { type: jobType.name }, id };
      continue;
    }
    const receiver = way === 'replayed' ? `${sinkUrl}${CLOSED_PATH}` : sinkUrl;
    yield { jobType, way, input: input(jobType, n, receiver), id };
  }
}

/** How many jobs of each type are planned. */
export function countByType(jobs: Iterable<Planned>): Map<JobType, number> {
  const counts = new Map<JobType, number>();
  for (const { jobType } of jobs) counts.set(jobType, (counts.get(jobType) ?? 0) + 1);
  return counts;
}
