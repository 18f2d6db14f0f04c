/** What follows from the way in which jobs are run. */
export interface RunKind {
  /** How long an attempt may take, in seconds. */
  timeoutSeconds: { shortest: number; longest: number; default: number };
  /** Whether the jobs of a batch run one after the other or concurrently, if the contract does not say so. */
  batchRuns: 'one-by-one' | 'together';
  /** The longest input that a lane accepts, in bytes. */
  longestMessageBytes: number;
  /** The state machine that runs a job; absent if the consumer runs it itself. */
  workflow?: {
    type: 'EXPRESS' | 'STANDARD';
    /** The actions that the consumer may call on the state machine, whose ARN is in `WORKFLOW_ARN`. */
    consumerActions: readonly string[];
  };
}

/**
 * SQS accepts at most 1 MiB:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAXIMUM_MESSAGE_BYTES = 1_048_576;
/** StartSyncExecution accepts this much input: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const WORKFLOW_INPUT_BYTES = 262_144;
/** Enough for what runtime/workflow adds to a client's input. */
const WORKFLOW_ENVELOPE_BYTES = 16_384;

/**
 * The time for starting a workflow and receiving its result. An attempt's timeout is longer than its workflow's by this.
 */
export const WORKFLOW_MARGIN_SECONDS = 3;
/**
 * Step Functions ends an Express workflow after this:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const LONGEST_EXPRESS_WORKFLOW_SECONDS = 300;

/** Lambda ends a consumer after 900 s; the rest is for claiming and settling. */
export const LONGEST_CONSUMER_SECONDS = 840;

const runKinds = {
  /** A function in the consumer. */
  inline: {
    // 30 s is long for a call to another service and short enough that a job that hangs is soon tried again
    timeoutSeconds: { shortest: 1, longest: LONGEST_CONSUMER_SECONDS, default: 30 },
    // safe for any code: jobs do not share the CPU, and a crash costs only one job an attempt
    batchRuns: 'one-by-one',
    longestMessageBytes: MAXIMUM_MESSAGE_BYTES,
  },
  /** A Step Functions Express workflow that the consumer starts and waits for. */
  express: {
    timeoutSeconds: {
      // leaves the workflow one second
      shortest: WORKFLOW_MARGIN_SECONDS + 1,
      longest: WORKFLOW_MARGIN_SECONDS + LONGEST_EXPRESS_WORKFLOW_SECONDS,
      // room for a few steps with their own retries
      default: 60,
    },
    // the consumer only waits
    batchRuns: 'together',
    longestMessageBytes: WORKFLOW_INPUT_BYTES - WORKFLOW_ENVELOPE_BYTES,
    workflow: { type: 'EXPRESS', consumerActions: ['states:StartSyncExecution'] },
  },
} as const satisfies Record<string, RunKind>;

export type RunKindName = keyof typeof runKinds;

/** The kinds of run. Whatever differs between them is defined only here. */
export const RUN_KINDS: Readonly<Record<RunKindName, RunKind>> = runKinds;

/** The workflow of a job type's kind of run; undefined if the consumer runs its jobs itself. */
export const workflowKind = ({ run }: { run: RunKindName }) => RUN_KINDS[run].workflow;

interface Batch {
  batchRuns: RunKind['batchRuns'];
  batchSize: number;
  timeoutSeconds: number;
}

/**
 * The longest that the jobs of a batch may take. One by one, each may take its whole timeout. Together they take one timeout,
 * and a second one for a job whose last attempt vanished: it runs after all others, and without its own time it could not
 * run while the others are slow.
 */
export const longestBatchSeconds = ({ batchRuns, batchSize, timeoutSeconds }: Batch) =>
  (batchRuns === 'together' ? Math.min(batchSize, 2) : batchSize) * timeoutSeconds;
