import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { Since } from '@spillway/shared/contracts/socket.ts';
import type { JobChange } from './changes.ts';
import { ClientError, type ProblemDocument, refused } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import { type Patience, pause } from './patience.ts';
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
/** The order of events of different jobs is not that of their times, and clocks differ. */
const OVERLAP_MS = 60_000;
/** For how many jobs it is known what was shown. */
const MOST_KNOWN = 10_000;
const BEGINNING = new Date(0).toISOString();

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
  const start = (since ?? (scope.job ? new Date(BEGINNING) : new Date())).toISOString();
  const shown = shownOf(start, scope);
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
    yield* events(door, scope, shown.since, fallback, signal);
    await pause(Math.random() * RECONNECT_MS, signal);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'UNREACHABLE') throw error;
    yield* fallback.poll({ until: shown.until() });
  }
}

type Shown = ReturnType<typeof shownOf>;

/** What was shown, from which follows what is new. */
function shownOf(start: string, { job }: Scope) {
  const revisions = new Map<string, number>();
  let until = start;
  let revision: number | undefined;
  return {
    until: () => until,
    /** From where to catch up. */
    since: (): Since =>
      job ? (revision ?? until) : new Date(Math.max(Date.parse(start), Date.parse(until) - OVERLAP_MS)).toISOString(),
    isNew({ time, data }: JobChange): boolean {
      const key = `${data.jobType}/${data.jobId}`;
      const known = revisions.get(key);
      if (data.revision !== undefined && known !== undefined && data.revision <= known) return false;
      // an overlap also brings what was before the watch
      if (!job && known === undefined && time < start) return false;
      if (time > until) until = time;
      revision = data.revision;
      if (data.revision !== undefined) {
        // the last one that changed is the last one to be forgotten
        revisions.delete(key);
        revisions.set(key, data.revision);
        if (revisions.size > MOST_KNOWN) revisions.delete(String(revisions.keys().next().value));
      }
      return true;
    },
  };
}

/** The events that come over one connection. @throws ClientError `UNREACHABLE` if it cannot be opened */
async function* events(
  door: FrontDoor,
  scope: Scope,
  since: () => Since,
  fallback: Fallback,
  signal: AbortSignal | undefined,
): AsyncGenerator<JobEvent, void> {
  if (!door.socketUrl) throw new ClientError('UNREACHABLE', 'The client was not given the URL of the socket.');
  const { messages, close } = await subscribe(door.socketUrl, await door.bearer(), scope, since, signal);
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
  // the connection ends, or the next renewal asks again
  if (status === 401 || status >= 500) return;
  // a job that has not started, or that does not exist
  if (status === 404 && exists) await exists();
  else throw refused('The jobs could not be watched', status, problem);
}
