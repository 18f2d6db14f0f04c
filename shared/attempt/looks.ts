import { secondsAfter } from '../contracts/times.ts';

/**
 * A job that goes on without its consumer is looked at after some time, again when as much time has passed as since its last
 * change of status, and at least once a day. So a lost end is found at most as late as the job had run, and never later than a
 * day, while a job of an hour costs two or three looks and one of a week a dozen, at about six dollars per million.
 */
const LONGEST_SECONDS = 24 * 60 * 60;

/** When a job is looked at first. @param firstSeconds the stage's setting, see shared/packaging/parameters.ts */
export const firstLook = (now: Date, firstSeconds: number): Date => secondsAfter(now, firstSeconds);

/** When a job is looked at whose workflow was sent something, in case it missed that: a person waits for it. */
export const soonLook = (now: Date, firstSeconds: number): Date => secondsAfter(now, firstSeconds / 3);

/** When a job is looked at again. @param changedAt when it entered its status */
export function nextLook(changedAt: Date, now: Date, firstSeconds: number): Date {
  const seconds = (now.getTime() - changedAt.getTime()) / 1000;
  return secondsAfter(now, Math.min(Math.max(seconds, firstSeconds), LONGEST_SECONDS));
}
