import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { outcomeOf } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { OUTCOMES, type Outcome } from '@spillway/shared/contracts/job.ts';

/** How a job ended. */
export interface End {
  jobType: string;
  outcome: Outcome;
  /** From accepted to settled. */
  latencyMs: number;
  /** It is the outcome of a replay. */
  replayed: boolean;
}

/** What was seen on the bus so far. */
export interface Seen {
  /** Different events, by their id. */
  events: number;
  /** Settled jobs, by outcome. */
  outcomes: Record<Outcome, number>;
  /** Settled jobs, by the subject of their events: {@link subjectOf}. */
  ends: Map<string, End>;
  /** Jobs with an outcome, by job type. */
  settled: Map<string, number>;
  /** How many final events were published beyond the first of a job or of its replay. Must be 0. */
  doubled: number;
  /** Milliseconds from accepted to settled, of each settled job. */
  latencies: number[];
  /** When the last of them settled, as epoch milliseconds; 0 before the first. */
  lastSettledMs: number;
}

/** The subject of a job's events. */
export const subjectOf = ({ type, jobId }: { type: string; jobId: string }) => `${type}/${jobId}`;

/** How many jobs have an outcome. */
export const settledOnBus = ({ settled }: Seen) => [...settled.values()].reduce((sum, count) => sum + count, 0);

/** Is called for the events of jobs, once for each. */
export interface Hearer {
  /** A job waits for a person. */
  waits?(job: JobEvent['data']): void;
  /** A job has an outcome. */
  settles?(job: JobEvent['data'], outcome: Outcome): void;
}

const READERS = 4;

/**
 * Follows the bus through the inspection queue until it is stopped.
 *
 * @param traceId limits it to the jobs of a trace; without it, all jobs count
 * @param hearer what is called for some events of these jobs
 */
export function watchBus(queueUrl: string, traceId?: string, { waits, settles }: Hearer = {}) {
  const sqs = new SQSClient({});
  const ids = new Set<string>();
  const replayed = new Set<string>();
  const seen: Seen = {
    events: 0,
    outcomes: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    ends: new Map(),
    settled: new Map(),
    doubled: 0,
    latencies: [],
    lastSettledMs: 0,
  };
  let stopped = false;

  function note({ id, type, subject, data }: JobEvent) {
    if (ids.has(id) || (traceId && data.traceId !== traceId)) return;
    ids.add(id);
    seen.events = ids.size;
    const outcome = outcomeOf(type);
    if (type === 'job.waiting') waits?.(data);
    if (!outcome) return;
    noteOutcome(subject, outcome, data);
    settles?.(data, outcome);
  }

  function noteOutcome(subject: string, outcome: Outcome, data: JobEvent['data']) {
    if (seen.ends.has(subject)) seen.doubled += 1;
    else count(data.jobType, 1);
    const { jobType, latencyMs = 0 } = data;
    seen.ends.set(subject, { jobType, outcome, latencyMs, replayed: replayed.has(subject) });
    seen.outcomes[outcome] += 1;
    if (data.latencyMs !== undefined) seen.latencies.push(data.latencyMs);
    seen.lastSettledMs = Math.max(seen.lastSettledMs, Date.parse(data.settledAt ?? ''));
  }

  const count = (jobType: string, more: number) => seen.settled.set(jobType, (seen.settled.get(jobType) ?? 0) + more);

  const reader = async () => {
    while (!stopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = '' } of Messages) note(JSON.parse(Body).detail);
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  };
  const readers = Promise.all(Array.from({ length: READERS }, reader));
  /** Never settles unless a reader fails. */
  const failed = readers.then(() => new Promise<never>(() => {}));
  // the failure does not matter if nobody waits for it any more
  failed.catch(() => {});

  return {
    seen,
    /** Rejects if the bus cannot be read any more. */
    failed,
    /** Forgets the outcome of a job that will have another one, because it is replayed. */
    forget(subject: string): void {
      const known = seen.ends.get(subject);
      if (!known || !seen.ends.delete(subject)) return;
      replayed.add(subject);
      seen.outcomes[known.outcome] -= 1;
      count(known.jobType, -1);
    },
    /** Stops after the events that are being read. */
    async stop() {
      stopped = true;
      await readers.catch(() => {});
    },
  };
}
