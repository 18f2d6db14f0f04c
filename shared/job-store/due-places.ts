import type { DueTime } from '../attempt/due-time.ts';
import { secondsAfter } from '../contracts/times.ts';
import { dueKeys } from './keys.ts';

/** How often the tick looks into the due index. */
const TICK_SECONDS = 60;
/** The tick sends references to what falls due from one to two ticks ahead. */
const TICK_FROM_SECONDS = TICK_SECONDS;
const TICK_TO_SECONDS = 2 * TICK_SECONDS;
/**
 * Whoever writes a row that falls due sooner than this sends its reference. The minute beyond the tick's reach is for an index
 * that is behind its table, which is usually less than a second
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html), and for a tick that starts late.
 */
const SOON_SECONDS = TICK_TO_SECONDS + TICK_SECONDS;
/**
 * A row whose reference was sent by its writer has its place in the index this much later. By then it has left the index, unless
 * the reference was lost.
 */
const SPARE_SECONDS = 60;
/**
 * What is still in the index this long after its place is overdue: its reference was lost, or could not be handled. Then it is sent again
 * with each tick.
 */
const OVERDUE_SECONDS = 30;

/**
 * The place in the due index of something that is due at a time.
 *
 * @returns also the reference that the row's writer must send, unless the tick finds it in time
 */
export function duePlace(
  pk: string,
  at: Date,
  now: Date,
): { keys: ReturnType<typeof dueKeys>; soon: DueTime | undefined } {
  if (at >= tickFindsFrom(now)) return { keys: dueKeys(pk, at), soon: undefined };
  const keys = dueKeys(pk, secondsAfter(at, SPARE_SECONDS));
  return { keys, soon: { reference: { pk, dueSort: keys.dueSort }, at } };
}

/** From which time on a tick is sure to find what is written into the due index now. */
export const tickFindsFrom = (now: Date) => secondsAfter(now, SOON_SECONDS);

/** The reference that the writer of a row sends, again for a duplicate; undefined if the tick sends it. */
export function referenceSentByWriter(
  { pk, dueSort = '' }: { pk: string; dueSort?: string },
  at: Date,
): DueTime | undefined {
  return dueSort > at.toISOString() && timeOfPlace(dueSort) > at ? { reference: { pk, dueSort }, at } : undefined;
}

/** The time at a place in the due index. */
export const timeOfPlace = (dueSort: string) => new Date(dueSort.slice(0, dueSort.indexOf('#')));

/**
 * What the tick of a minute looks after: what falls due in its minute, and what is overdue. Ticks overlap in nothing else. Between
 * the two is what earlier ticks have sent references to.
 */
export const tickBounds = (minute: Date) => ({
  ahead: {
    low: secondsAfter(minute, TICK_FROM_SECONDS).toISOString(),
    high: secondsAfter(minute, TICK_TO_SECONDS).toISOString(),
  },
  overdue: { high: secondsAfter(minute, -OVERDUE_SECONDS).toISOString() },
});
