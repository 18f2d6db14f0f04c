import type { JobType } from './job-type.ts';
import { heldSeconds, longestBatchSeconds, RUN_KINDS } from './run-kinds.ts';
import { secondsAfter } from './times.ts';

/** Everything about a lane that follows from its job type's contract. Times are in seconds. */
export interface Lane {
  /** The consumer's Lambda timeout. */
  functionTimeoutSeconds: number;
  /** How long an attempt owns its job while the consumer holds it. */
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
/**
 * A lane gives up on a message as late as SQS allows, and in time before SQS deletes it
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html). Receives are not
 * attempts: while a consumer is broken or throttled, each visibility timeout costs a receive. And moving a message of an
 * ordered lane to the dead-letter queue breaks the order of its key.
 */
const MOST_RECEIVES = 1000;
/**
 * How long a message stays in its lane if it is received each time its visibility timeout ends. Two days of its retention are
 * left, in which the dead-letter queue of a standard lane keeps it: that queue counts from the same moment.
 */
const LONGEST_RECEIVING_SECONDS = 12 * DAY_SECONDS;

/**
 * How long after its acceptance a job still returns from the dead-letter queue to its lane. After that it is failed or
 * parked, while its message would otherwise soon reach the end of its retention and be lost.
 */
export const RETURN_SECONDS = 13 * DAY_SECONDS;
/** How long a message can live after its job was accepted: it returns to its lane at the last moment, and waits there. */
export const LONGEST_LANE_SECONDS = RETURN_SECONDS + LANE_RETENTION_SECONDS;

/** Whether a FAILED job of the type stops its order key until a person decides. */
export const stopsKeys = ({ lane }: Pick<JobType, 'lane'>): boolean =>
  lane.kind === 'ordered' && lane.onFailure === 'stop';

/**
 * How long the message of a job that stops its key is invisible at a time. It holds back the later messages of its group. In
 * the 13 days of {@link RETURN_SECONDS}, it is received 312 times, far less often than a lane allows.
 */
export const HOLD_SECONDS = 60 * 60;

/**
 * Until when the lane can hold a stopped key: SQS deletes a message 14 days after it was sent, and the later ones of its
 * key, which may be as old, need time to run.
 */
export const heldUntil = (sentAt: Date): Date => secondsAfter(sentAt, RETURN_SECONDS);

/**
 * SQS looks for message groups whose turn it is only among the first so many messages of a FIFO queue. When that many of one slow
 * or blocked key wait, the keys behind them wait, too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
 */
export const FIFO_SCANNED_MESSAGES = 120_000;

/**
 * How long a job's row is kept after its last change: longer than any of its messages can live, so that a late duplicate
 * always finds the outcome. A message that reaches a FIFO dead-letter queue lives there for another 14 days
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html).
 */
export const JOB_RETENTION_SECONDS = LONGEST_LANE_SECONDS + LANE_RETENTION_SECONDS + DAY_SECONDS;

/**
 * Derives a lane's numbers. The timeouts are nested, so that each one ends before the one around it: workflow < job <
 * lease < visibility.
 *
 * The visibility timeout is two function timeouts. A job is claimed at the latest one job timeout before its function
 * ends, so its lease ends before its message becomes visible again, if the function started within one function timeout
 * of the receive. It can start later: Lambda retries a throttled batch until the visibility timeout ends
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). Then a message comes back while its job
 * is owned; that costs a receive, never an attempt, and nothing may rely on the opposite (`overtaken` in
 * attempt/verdict.ts).
 */
export function laneOf(jobType: JobType): Lane {
  const functionTimeoutSeconds = longestBatchSeconds(jobType) + CONSUMER_OVERHEAD_SECONDS;
  const visibilityTimeoutSeconds = 2 * functionTimeoutSeconds;
  return {
    functionTimeoutSeconds,
    leaseSeconds: heldSeconds(jobType) + SETTLE_MARGIN_SECONDS,
    visibilityTimeoutSeconds,
    maxReceiveCount: Math.min(MOST_RECEIVES, Math.floor(LONGEST_RECEIVING_SECONDS / visibilityTimeoutSeconds)),
    retentionSeconds: LANE_RETENTION_SECONDS,
    maximumMessageBytes: RUN_KINDS[jobType.run].longestMessageBytes,
  };
}

/** When Step Functions ends a job's workflow: early enough for an attempt that waits for it to get the result in time. */
export const workflowTimeoutSeconds = ({ run, timeoutSeconds }: Pick<JobType, 'run' | 'timeoutSeconds'>) =>
  timeoutSeconds - (RUN_KINDS[run].workflow?.marginSeconds ?? 0);

/** The name of the job type's state machine on a stage. */
export const workflowName = ({ name }: Pick<JobType, 'name'>, stage: string) => `spillway-${stage}-${name}`;

/** What a lane is named by: its job type, and its kind. */
export interface LaneOf {
  name: string;
  lane: Pick<JobType['lane'], 'kind'>;
}

/** Both queues of a lane have the same kind, because a FIFO queue needs a FIFO dead-letter queue. */
const fifoSuffix = ({ lane }: Pick<LaneOf, 'lane'>) => (lane.kind === 'ordered' ? '.fifo' : '');

/** The name of a lane's queue on a stage. */
export const laneName = (jobType: LaneOf, stage: string) => `spillway-${stage}-${jobType.name}${fifoSuffix(jobType)}`;

/** The name of a lane's dead-letter queue on a stage. */
export const deadLetterName = (jobType: LaneOf, stage: string) =>
  `spillway-${stage}-${jobType.name}-dlq${fifoSuffix(jobType)}`;

/** The job type and the lane behind a dead-letter queue: the inverse of {@link deadLetterName}. */
export function laneBehind(deadLetters: string, stage: string): { type: string; laneName: string } {
  const lane = deadLetters.replace(/-dlq(\.fifo)?$/, '$1');
  return { type: lane.replace(/\.fifo$/, '').slice(`spillway-${stage}-`.length), laneName: lane };
}
