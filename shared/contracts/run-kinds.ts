/** What follows from the way in which jobs are run. */
export interface RunKind {
  /** How long an attempt may take, in seconds. */
  timeoutSeconds: { shortest: number; longest: number; default: number };
  /** How often a job may be tried. */
  maxAttempts: { most: number; default: number };
  /**
   * How long the consumer needs to start a job that goes on without it, in seconds; absent if it stays with the job until
   * the end. Starting an attempt twice does nothing, and its lane must be standard: the job's message is done once it is
   * started.
   */
  startSeconds?: number;
  /** Whether the jobs of a batch run one after the other or concurrently, if the contract does not say so. */
  batchRuns: 'one-by-one' | 'together';
  /**
   * How a job that runs is cancelled: its code sees a signal, its workflow is stopped, or nothing can stop its attempt and
   * there is no next one.
   */
  cancel: 'signal' | 'stop' | 'between-attempts';
  /** The longest input that a lane accepts, in bytes. */
  longestMessageBytes: number;
  /** The state machine that runs a job; absent if the consumer runs it itself. */
  workflow?: {
    type: 'EXPRESS' | 'STANDARD';
    /** How much earlier than the attempt it ends, in seconds: the time for starting it and receiving its result. */
    marginSeconds: number;
    /** The actions that the consumer may call on the state machine, whose ARN is in `WORKFLOW_ARN`. */
    consumerActions: readonly string[];
    /** The actions that it may call on the machine's executions. */
    executionActions: readonly string[];
  };
}

/**
 * SQS accepts at most 1 MiB:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAXIMUM_MESSAGE_BYTES = 1_048_576;
/** A workflow accepts this much input: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const WORKFLOW_INPUT_BYTES = 262_144;
/** Enough for what runtime/workflow adds to a client's input. */
const WORKFLOW_ENVELOPE_BYTES = 16_384;

/** The time for starting an Express workflow and receiving its result. */
const EXPRESS_MARGIN_SECONDS = 3;
/**
 * Step Functions ends an Express workflow after this:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const LONGEST_EXPRESS_WORKFLOW_SECONDS = 300;

const DAY_SECONDS = 24 * 60 * 60;
/**
 * How long a durable workflow may take. Step Functions would allow a year, but a job's row is kept for 42 days after its
 * last change, and nothing may change it while a person thinks.
 */
const LONGEST_DURABLE_SECONDS = 30 * DAY_SECONDS;

/** Lambda ends a consumer after 900 s; the rest is for claiming and settling. */
export const LONGEST_CONSUMER_SECONDS = 840;

/** An attempt at a job costs little, but after so many it will not succeed. */
const MOST_ATTEMPTS = 25;

const runKinds = {
  /** A function in the consumer. */
  inline: {
    // 30 s is long for a call to another service and short enough that a job that hangs is soon tried again
    timeoutSeconds: { shortest: 1, longest: LONGEST_CONSUMER_SECONDS, default: 30 },
    maxAttempts: { most: MOST_ATTEMPTS, default: 5 },
    // safe for any code: jobs do not share the CPU, and a crash costs only one job an attempt
    batchRuns: 'one-by-one',
    cancel: 'signal',
    longestMessageBytes: MAXIMUM_MESSAGE_BYTES,
  },
  /** A Step Functions Express workflow that the consumer starts and waits for. */
  express: {
    timeoutSeconds: {
      // leaves the workflow one second
      shortest: EXPRESS_MARGIN_SECONDS + 1,
      longest: EXPRESS_MARGIN_SECONDS + LONGEST_EXPRESS_WORKFLOW_SECONDS,
      // room for a few steps with their own retries
      default: 60,
    },
    maxAttempts: { most: MOST_ATTEMPTS, default: 5 },
    // the consumer only waits
    batchRuns: 'together',
    // StopExecution does not know Express executions
    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    cancel: 'between-attempts',
    longestMessageBytes: WORKFLOW_INPUT_BYTES - WORKFLOW_ENVELOPE_BYTES,
    workflow: {
      type: 'EXPRESS',
      marginSeconds: EXPRESS_MARGIN_SECONDS,
      consumerActions: ['states:StartSyncExecution'],
      executionActions: [],
    },
  },
  /** A Step Functions Standard workflow that the consumer starts. It settles the job when the workflow has ended. */
  durable: {
    timeoutSeconds: {
      // below a minute an express workflow is cheaper and faster
      shortest: 60,
      longest: LONGEST_DURABLE_SECONDS,
      // a person who decides may be away for a weekend
      default: 7 * DAY_SECONDS,
    },
    // its steps are retried one by one, and what they did is undone when it fails; asking a person again would be wrong
    // (docs/decisions/2026-11-27-a-durable-job-has-one-attempt.md)
    maxAttempts: { most: 1, default: 1 },
    // three tries at a call that takes milliseconds
    startSeconds: 20,
    // a start takes milliseconds
    batchRuns: 'one-by-one',
    cancel: 'stop',
    longestMessageBytes: WORKFLOW_INPUT_BYTES - WORKFLOW_ENVELOPE_BYTES,
    workflow: {
      type: 'STANDARD',
      marginSeconds: 0,
      consumerActions: ['states:StartExecution'],
      executionActions: ['states:DescribeExecution', 'states:StopExecution'],
    },
  },
} as const satisfies Record<string, RunKind>;

export type RunKindName = keyof typeof runKinds;

/** The kinds of run. Whatever differs between them is defined only here. */
export const RUN_KINDS: Readonly<Record<RunKindName, RunKind>> = runKinds;

/** The workflow of a job type's kind of run; undefined if the consumer runs its jobs itself. */
export const workflowKind = ({ run }: { run: RunKindName }) => RUN_KINDS[run].workflow;

interface Held {
  run: RunKindName;
  timeoutSeconds: number;
}

/** The longest that a consumer stays with a job, in seconds: until its end, or until it is started. */
export const heldSeconds = ({ run, timeoutSeconds }: Held) => RUN_KINDS[run].startSeconds ?? timeoutSeconds;

/** Whether the consumer only starts a job of the type, which goes on without it. */
export const goesOnAlone = ({ run }: { run: RunKindName }) => RUN_KINDS[run].startSeconds !== undefined;

interface Batch extends Held {
  batchRuns: RunKind['batchRuns'];
  batchSize: number;
}

/**
 * The longest that a consumer may hold the jobs of a batch. One by one, each may take its whole timeout. Together they take one timeout,
 * and a second one for a job whose last attempt vanished: it runs after all others, and without its own time it could not
 * run while the others are slow.
 */
export const longestBatchSeconds = ({ batchRuns, batchSize, ...held }: Batch) =>
  (batchRuns === 'together' ? Math.min(batchSize, 2) : batchSize) * heldSeconds(held);
