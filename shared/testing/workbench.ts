import * as z from 'zod/mini';
import type { AttemptTools } from '../attempt/attempt-tools.ts';
import { handleBatch } from '../attempt/batch.ts';
import type { Message } from '../attempt/message.ts';
import { readSubmission } from '../attempt/parse.ts';
import type { Submission } from '../attempt/submission.ts';
import type { JobIdentity, Outcome } from '../contracts/job.ts';
import { defineJobType, type JobType, ORDER_KEY } from '../contracts/job-type.ts';
import type { JobTypeDefinition } from '../contracts/job-type-definition.ts';
import { goesOnAlone } from '../contracts/run-kinds.ts';
import { modelStore } from './model-store.ts';

export interface SampleInput {
  key: string;
  n: number;
}
export interface SampleResult {
  n: number;
}

/** A job type to try the attempt with. */
export const sampleType = (
  changes: Partial<JobTypeDefinition<SampleInput, SampleResult>> = {},
): JobType<SampleInput, SampleResult> =>
  defineJobType({
    name: 'sample',
    service: 'processing',
    summary: 'For tests.',
    input: z.strictObject({ key: z.string().check(z.regex(ORDER_KEY)), n: z.number() }),
    result: z.strictObject({ n: z.number() }),
    example: { input: { key: 'k', n: 1 }, result: { n: 1 } },
    timeoutSeconds: 1,
    maxAttempts: 3,
    maxConcurrency: 2,
    batchSize: 10,
    ...changes,
  });

/** A message of the sample type, as the front door would have sent it. */
export const sampleMessage = (changes: Partial<Message> & { id?: string; n?: number; key?: string } = {}): Message => {
  const { id = 'job-1', n = 1, key = 'k', ...rest } = changes;
  return {
    messageId: `message-of-${id}`,
    body: JSON.stringify({ key, n }),
    attributes: {
      tenant: 'tenant-1',
      acceptedAt: '1790000000000',
      requestId: '8a6d0f3e-4b52-4a0e-9c3c-5d1f2a7b6e90',
      traceparent: 'v1;',
      jobId: id,
    },
    groupId: `tenant-1.${key}`,
    receiveCount: 1,
    sentAt: new Date(1_790_000_000_000),
    ...rest,
  };
};

/** The job that a message submits. */
export function submissionIn(message: Message): Submission {
  const submission = readSubmission(message, 'sample');
  if (typeof submission === 'string') throw new Error(submission);
  return submission;
}

/** The identity of a message's job. */
export const identityOf = (id = 'job-1'): JobIdentity => ({ tenant: 'tenant-1', type: 'sample', id });

/** A record of what an attempt did besides writing to the store. */
export type Note =
  | { did: 'show again'; messageId: string; afterSeconds: number }
  | { did: 'send again'; messageId: string; jobId: string; afterSeconds: number }
  | { did: 'claim' | 'retry'; jobId: string; attempt: number }
  | { did: 'settle'; jobId: string; outcome: Outcome }
  | { did: 'refer'; pk: string; at: Date }
  | { did: 'park'; messageId: string; reason: string }
  | { did: 'block'; jobId: string; ageSeconds: number }
  | { did: 'run on'; jobId: string; reason: string }
  | { did: 'drop'; jobId: string; reason: string }
  | { did: 'break'; messageId: string; thrown: unknown };

/** An attempt's tools around the model store, with a clock that only the test moves, and notes of what happened. */
export function workbench(
  run: AttemptTools<SampleInput, SampleResult>['run'],
  jobType: JobType<SampleInput, SampleResult> = sampleType(),
  model = modelStore(),
) {
  const clock = { ms: 1_790_000_001_000 };
  const notes: Note[] = [];
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const tools: AttemptTools<SampleInput, SampleResult> = {
    jobType,
    run,
    store: model.store,
    archive: {
      keepFailed: async (_, job) => `failed/${job.id}`,
      keepStarted: async () => {},
      park: async ({ messageId }) => `parked/${messageId}`,
      keepBody: async ({ id }) => `scheduled/${id}`,
      keepResult: async ({ id }) => `results/${id}`,
    },
    files: {
      open: async () => undefined,
      create: (_, name) => ({ write: async () => undefined, end: async () => `payload:${name}` }),
    },
    laneName: 'spillway-test-sample',
    ...(goesOnAlone(jobType) && { goesOn: { look: async () => {}, firstLookSeconds: 900 } }),
    due: { send: async ({ pk }, at) => void notes.push({ did: 'refer', pk, at }) },
    lane: {
      receiptOf: ({ messageId }) => `receipt-of-${messageId}`,
      showAgainAfter: async ({ messageId }, afterSeconds) =>
        void notes.push({ did: 'show again', messageId, afterSeconds }),
      sendAgain: async ({ messageId }, jobId, afterSeconds) =>
        void notes.push({ did: 'send again', messageId, jobId, afterSeconds }),
    },
    observer: {
      claimed: ({ id, attempt }) => notes.push({ did: 'claim', jobId: id, attempt }),
      settled: ({ id }, outcome) => notes.push({ did: 'settle', jobId: id, outcome }),
      retrying: ({ id, attempt }) => notes.push({ did: 'retry', jobId: id, attempt }),
      parked: ({ messageId }, reason) => notes.push({ did: 'park', messageId, reason }),
      blocking: ({ id }, ageSeconds) => notes.push({ did: 'block', jobId: id, ageSeconds }),
      ranOn: ({ id }, reason) => notes.push({ did: 'run on', jobId: id, reason }),
      dropped: ({ id }, reason) => notes.push({ did: 'drop', jobId: id, reason }),
      broke: ({ messageId }, thrown) => notes.push({ did: 'break', messageId, thrown }),
    },
    loggerFor: () => silent,
    now: () => new Date(clock.ms),
    random: () => 0,
  };
  const handle = (messages: Message[], remainingMs: () => number = () => 900_000) =>
    handleBatch(messages, remainingMs, tools);
  /**
   * Claims the job of a message for another consumer.
   *
   * @param leaseMs how long its attempt lives. By default, it has vanished a moment later
   */
  const claimElsewhere = (message = sampleMessage(), leaseMs = 0) =>
    model.store.claim(submissionIn(message), {
      now: tools.now(),
      leaseUntil: new Date(clock.ms + leaseMs),
      maxAttempts: jobType.maxAttempts,
      evenIfVanished: false,
      evenIfNew: true,
      resumes: goesOnAlone(jobType),
    });
  return { tools, model, clock, notes, handle, claimElsewhere };
}
