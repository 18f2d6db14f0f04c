import type { Since } from '@spillway/shared/contracts/socket.ts';
import type { JobChange } from './changes.ts';
import type { Scope } from './socket.ts';

export type Shown = ReturnType<typeof shownOf>;

/** Events of different jobs do not come in the order of their times, and clocks differ. */
const OVERLAP_MS = 60_000;
/** For how many jobs a watch remembers what it has shown. */
const MOST_KNOWN = 10_000;
const BEGINNING = new Date(0).toISOString();

/**
 * What a watch has shown, from which follows what is new and from where to catch up.
 *
 * @param from when to begin. By default, a watch of one job shows all of it, and one of many jobs what comes from now on
 * @param elapsedMs a clock that never jumps
 */
export function shownOf({ job }: Scope, from: Date | undefined, elapsedMs = () => performance.now()) {
  const last = new Map<string, JobChange>();
  let start = from?.toISOString() ?? (job ? BEGINNING : new Date().toISOString());
  let newest: string | undefined;
  let newestAt = elapsedMs();
  /** When a catch-up was asked for, and when the last one that is complete was, by the server's clock. */
  let asked: number | undefined;
  let complete: number | undefined;

  /** What the server's clock shows at least, although nothing may have happened for days. */
  const serverMs = () => Date.parse(newest ?? start) + elapsedMs() - newestAt;

  function remember(key: string, change: JobChange): void {
    // the last one that changed is the last one to be forgotten
    last.delete(key);
    last.set(key, change);
    if (last.size > MOST_KNOWN) last.delete(String(last.keys().next().value));
  }

  function caughtUp(): void {
    complete = asked ?? complete;
    asked = undefined;
  }

  /** A bit before a time, but not before the beginning. */
  const before = (ms: number) => new Date(Math.max(Date.parse(start), ms - OVERLAP_MS)).toISOString();

  return {
    /** The time of the newest change, or the beginning: polling goes on from there, and so catches up with what the last one left. */
    until(): string {
      caughtUp();
      asked = serverMs();
      return newest ?? start;
    },

    /**
     * From where to catch up. A push of one of many jobs can get lost while later ones arrive, so the newest change says
     * nothing about what is missing: only a complete catch-up does.
     */
    since(): Since {
      asked = serverMs();
      if (job) return last.values().next().value?.data.revision ?? newest ?? start;
      return before(complete ?? 0);
    },

    /** From where a new connection has to catch up at least: before that, there was a connection. */
    atLeastSince: () => before(Date.parse(newest ?? start)),

    /** Notes that the last catch-up is complete, so that the next one begins from when it was asked for. */
    caughtUp,

    /** Notes that the last catch-up may have been cut off. */
    cutOff(): void {
      asked = undefined;
    },

    isNew(change: JobChange): boolean {
      const { type, time, data } = change;
      const key = `${data.jobType}/${data.jobId}`;
      const known = last.get(key);
      if (known && wasShown(change, known)) return false;
      // it was not asked for, so it is new, and the clock here is ahead of the server's
      if (time < start && type !== 'job.progressed') {
        start = time;
        asked = complete = undefined;
      }
      if (time > (newest ?? '')) {
        newest = time;
        newestAt = elapsedMs();
      }
      remember(key, change);
      return true;
    },
  };
}

/** Whether a change of a job is the last one that was shown, or older. What polling found has no revision. */
function wasShown({ type, time, data }: JobChange, before: JobChange): boolean {
  if (data.revision === undefined) return false;
  if (before.data.revision !== undefined) return data.revision <= before.data.revision;
  // progress that polling found has the time of the job's state
  if (type === 'job.progressed') return false;
  return time <= before.time || (type === before.type && data.attempt === before.data.attempt);
}
