import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { JobChange } from './changes.ts';
import { ClientError, type ProblemDocument, refused } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import { type Patience, pause } from './patience.ts';
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
  /** Makes sure that a job exists. @throws ClientError if it does not, or has not started and only its id is known */
  exists?(): Promise<unknown>;
}

/** A socket that closed is opened again after a pause of up to this, so that many clients do not come back together. */
const RECONNECT_MS = 2000;

/**
 * Yields the changes of jobs as they happen, each once and those of a job in order. It uses the socket, opens it again when it
 * closes, and catches up. While the socket cannot be reached, it polls. The watch of one job ends with the job's outcome.
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
  const isLast = ({ data }: JobChange) => scope.job !== undefined && data.settledAt !== undefined;
  for (;;) {
    for await (const change of round(door, scope, shown, fallback, signal)) {
      if (!shown.isNew(change)) continue;
      yield change;
      if (isLast(change)) return;
    }
    signal?.throwIfAborted();
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
  const { messages, close } = await subscribe(door.socketUrl, await door.bearer(), scope, shown, signal);
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
async function attend(problem: ProblemDocument, { exists }: Fallback): Promise<void> {
  const { status = 500 } = problem;
  // the connection ends
  if (status === 401) return;
  // a job that has not started, or that does not exist
  if (status === 404 && exists) await exists();
  else throw refused('The jobs could not be watched', status, problem);
}
