import type { JobType } from './job-type.ts';
import { longestBatchSeconds, RUN_KINDS, WORKFLOW_MARGIN_SECONDS } from './run-kinds.ts';

/** Everything about a lane that follows from its job type's contract. Times are in seconds. */
export interface Lane {
  /** The consumer's Lambda timeout. */
  functionTimeoutSeconds: number;
  /** How long an attempt owns its job. */
  leaseSeconds: number;
  visibilityTimeoutSeconds: number;
  maxReceiveCount: number;
  retentionSeconds: number;
  maximumMessageBytes: number;
}

/** The time for claiming and settling the jobs of a batch. */
const CONSUMER_OVERHEAD_SECONDS = 10;
/** The time for settling after the job itself. The lease is longer than the job's timeout by this. */
const SETTLE_MARGIN_SECONDS = 5;
const DAY_SECONDS = 24 * 60 * 60;
/** SQS keeps a message for at most 14 days. */
export const LANE_RETENTION_SECONDS = 14 * DAY_SECONDS;
/** Moving a message to a FIFO dead-letter queue breaks the order, so an ordered lane gives up as late as SQS allows. */
const ORDERED_MAX_RECEIVE_COUNT = 1000;

/** How often a job that was never attempted returns from the DLQ to its lane before it is parked. */
export const MAX_RETURNS = 5;

/**
 * How long a job's row is kept after its last change: longer than any of its messages can live (14 days for each pass
 * through the lane), so that a late duplicate always finds the outcome.
 */
export const JOB_RETENTION_SECONDS = LANE_RETENTION_SECONDS * (1 + MAX_RETURNS) + DAY_SECONDS;

/**
 * Derives a lane's numbers. The timeouts are nested, so that each one ends before the one around it: workflow < job <
 * lease ≤ visibility. A job is claimed at the latest one job timeout before the function ends, so its lease ends before
 * its message becomes visible again.
 */
export function laneOf(jobType: JobType): Lane {
  const { timeoutSeconds, maxAttempts, lane, run } = jobType;
  const functionTimeoutSeconds = longestBatchSeconds(jobType) + CONSUMER_OVERHEAD_SECONDS;
  return {
    functionTimeoutSeconds,
    leaseSeconds: timeoutSeconds + SETTLE_MARGIN_SECONDS,
    visibilityTimeoutSeconds: functionTimeoutSeconds + SETTLE_MARGIN_SECONDS,
    // receives are not attempts: throttles, waits and returned batches also count as receives
    maxReceiveCount: lane.kind === 'ordered' ? ORDERED_MAX_RECEIVE_COUNT : 2 * maxAttempts + 10,
    retentionSeconds: LANE_RETENTION_SECONDS,
    maximumMessageBytes: RUN_KINDS[run].longestMessageBytes,
  };
}

/** When Step Functions ends a job's workflow: early enough for the attempt that waits for it to get the result in time. */
export const workflowTimeoutSeconds = ({ timeoutSeconds }: Pick<JobType, 'timeoutSeconds'>) =>
  timeoutSeconds - WORKFLOW_MARGIN_SECONDS;

/** The name of the job type's state machine on a stage. */
export const workflowName = ({ name }: Pick<JobType, 'name'>, stage: string) => `spillway-${stage}-${name}`;

/** Both queues of a lane have the same kind, because a FIFO queue needs a FIFO dead-letter queue. */
const fifoSuffix = ({ lane }: Pick<JobType, 'lane'>) => (lane.kind === 'ordered' ? '.fifo' : '');

/** The name of a lane's queue on a stage. */
export const laneName = (jobType: Pick<JobType, 'name' | 'lane'>, stage: string) =>
  `spillway-${stage}-${jobType.name}${fifoSuffix(jobType)}`;

/** The name of a lane's dead-letter queue on a stage. */
export const deadLetterName = (jobType: Pick<JobType, 'name' | 'lane'>, stage: string) =>
  `spillway-${stage}-${jobType.name}-dlq${fifoSuffix(jobType)}`;

/** The job type and the lane behind a dead-letter queue: the inverse of {@link deadLetterName}. */
export function laneBehind(deadLetters: string, stage: string): { type: string; laneName: string } {
  const lane = deadLetters.replace(/-dlq(\.fifo)?$/, '$1');
  return { type: lane.replace(/\.fifo$/, '').slice(`spillway-${stage}-`.length), laneName: lane };
}
