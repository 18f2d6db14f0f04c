import type { EventType } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import type { JobChange } from './changes.ts';
import { ClientError, type ProblemDocument, refused } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import { type Patience, pause, unlessAborted } from './patience.ts';
import { type Shown, shownOf } from './shown.ts';
import { type Scope, subscribe } from './socket.ts';

export type { JobChange } from './changes.ts';

/** How to watch, and what ends it. */
export interface WatchOptions extends Patience {
  /**
   * From when on to show changes.
   *
   * @defaultValue of one job all that are still known, of many jobs from now on. At most a day ago for many jobs
   */
  since?: Date | undefined;
}

/** What the watch falls back to. */
export interface Fallback {
  /** Yields changes after a time for about a minute. */
  poll(shown: { until: string }): AsyncGenerator<JobChange, void>;
  /** Looks at the one job. @throws ClientError if it does not exist, or has not started and only its id is known */
  look?(): Promise<Pick<JobView, 'settledAt'>>;
}

/** A socket that closed is opened again after a pause of up to this, so that many clients do not come back together. */
const RECONNECT_MS = 2000;

/**
 * Yields the changes of jobs as they happen, each once and those of a job in order. It uses the socket, opens it again when it
 * closes, and catches up. While the socket cannot be reached, it polls. The watch of one job ends with the job's outcome, which is
 * that of its newest replay.
 *
 * @throws ClientError if what is watched does not exist, or too much was missed to catch up
 */
export async function* watch(
  door: FrontDoor,
  scope: Scope,
  fallback: Fallback,
  { signal, since }: WatchOptions,
): AsyncGenerator<JobChange, void> {
  const shown = shownOf(scope, since);
  const isOutcome = ({ data }: JobChange) => scope.job !== undefined && data.settledAt !== undefined;
  for (;;) {
    for await (const change of round(door, scope, shown, fallback, signal)) {
      if (!shown.isNew(change)) continue;
      yield change;
      if (isOutcome(change) && !(await wasReplayed(change, fallback, signal))) return;
    }
    signal?.throwIfAborted();
  }
}

/** Only jobs with these outcomes can be replayed. */
const REPLAYED: readonly EventType[] = ['job.failed', 'job.expired'];

/**
 * Whether a job went on after an outcome: a catch-up shows all outcomes that it has had. What polling finds has no revision, and
 * says of its newest state only that it is the outcome.
 */
async function wasReplayed(
  { type, data: { revision, settledAt = '' } }: JobChange,
  { look }: Fallback,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (revision === undefined || !REPLAYED.includes(type) || !look) return false;
  try {
    const job = await look();
    return job.settledAt === undefined || job.settledAt > settledAt;
  } catch {
    signal?.throwIfAborted();
    // it cannot be said, and the outcome was shown
    return false;
  }
}

/** Changes over one connection, or, while there is none, those that polling finds. */
async function* round(
  door: FrontDoor,
  scope: Scope,
  shown: Shown,
  fallback: Fallback,
  signal: AbortSignal | undefined,
): AsyncGenerator<JobChange, void> {
  try {
    yield* events(door, scope, shown, fallback, signal);
    await pause(Math.random() * RECONNECT_MS, signal);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'UNREACHABLE') throw error;
    yield* fallback.poll({ until: shown.until() });
  }
}

/** The events that come over one connection. @throws ClientError `UNREACHABLE` if it cannot be opened */
async function* events(
  door: FrontDoor,
  scope: Scope,
  shown: Shown,
  fallback: Fallback,
  signal: AbortSignal | undefined,
): AsyncGenerator<JobEvent, void> {
  if (!door.socketUrl) throw new ClientError('UNREACHABLE', 'The client was not given the URL of the socket.');
  const token = await unlessAborted(door.bearer(), signal);
  const { messages, close } = await subscribe(door.socketUrl, token, scope, shown, signal);
  try {
    for await (const message of messages) {
      if ('specversion' in message) yield message;
      else await attend(message, fallback);
    }
  } finally {
    close();
  }
}

/** Decides what a problem means for the watch. */
async function attend(problem: ProblemDocument, { look }: Fallback): Promise<void> {
  const { status = 500 } = problem;
  // the connection ends
  if (status === 401) return;
  // a job that has not started, or that does not exist
  if (status === 404 && look) await look();
  else throw refused('The jobs could not be watched', status, problem);
}
