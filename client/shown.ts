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
 */
export function shownOf({ job }: Scope, from: Date | undefined) {
  const last = new Map<string, JobChange>();
  let start = from?.toISOString() ?? (job ? BEGINNING : new Date().toISOString());
  let newest: string | undefined;

  function remember(key: string, change: JobChange): void {
    // the last one that changed is the last one to be forgotten
    last.delete(key);
    last.set(key, change);
    if (last.size > MOST_KNOWN) last.delete(String(last.keys().next().value));
  }

  return {
    /** The time of the newest change, or the beginning. */
    until: () => newest ?? start,

    /** From where to catch up. */
    since(): Since {
      if (job) return last.values().next().value?.data.revision ?? newest ?? start;
      return new Date(Math.max(Date.parse(start), Date.parse(newest ?? start) - OVERLAP_MS)).toISOString();
    },

    isNew(change: JobChange): boolean {
      const { type, time, data } = change;
      const key = `${data.jobType}/${data.jobId}`;
      const before = last.get(key);
      if (before && wasShown(change, before)) return false;
      // it was not asked for, so it is new, and the clock here is ahead of the server's
      if (time < start && type !== 'job.progressed') start = time;
      if (time > (newest ?? '')) newest = time;
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
