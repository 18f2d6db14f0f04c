/** What follows from how a job type's jobs are run. */
export interface RunKind {
  /** How long an attempt may take, in seconds. */
  timeoutSeconds: { shortest: number; longest: number; default: number };
  /** Whether the jobs of a batch follow each other or run side by side, unless the contract says. */
  batchRuns: 'one-by-one' | 'together';
  /** The longest input that a lane takes, in bytes. */
  longestMessageBytes: number;
  /** The state machine that runs a job; absent if the consumer runs it itself. */
  workflow?: {
    type: 'EXPRESS' | 'STANDARD';
    /** What the consumer may do with the state machine, whose ARN it finds in `WORKFLOW_ARN`. */
    consumerActions: readonly string[];
  };
}

/** SQS takes at most 1 MiB: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAXIMUM_MESSAGE_BYTES = 1_048_576;
/** StartSyncExecution takes this much input: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const WORKFLOW_INPUT_BYTES = 262_144;
/** What we wrap around a client's input for its workflow (runtime/workflow) fits in these. */
const WORKFLOW_ENVELOPE_BYTES = 16_384;

/** What starting a workflow and learning of its end may take; an attempt outlives its workflow by this. */
export const WORKFLOW_MARGIN_SECONDS = 3;
/** Step Functions ends an Express workflow after this: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
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
      // leaves the workflow a second of its own
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

/** The kinds of run. Whatever differs between them is said here and nowhere else. */
export const RUN_KINDS: Readonly<Record<RunKindName, RunKind>> = runKinds;

/** The workflow of a job type's kind of run; undefined if the consumer runs its jobs itself. */
export const workflowKind = ({ run }: { run: RunKindName }) => RUN_KINDS[run].workflow;
