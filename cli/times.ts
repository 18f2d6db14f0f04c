import { dateTimeOf, LONGEST_AHEAD_DAYS, timeOf } from '@spillway/shared/contracts/times.ts';

/** How a person writes a time. */
export const TIME_EXAMPLES =
  'a time with its zone such as 2026-03-01T09:30:00Z, or a day such as 2026-03-01, which begins at 00:00 UTC';

/** How a person writes a time that is ahead. */
export const TIME_AHEAD_EXAMPLES = `${TIME_EXAMPLES}, or seconds from now such as 3600; at most ${LONGEST_AHEAD_DAYS} days ahead`;

const DAY = /^\d{4}-\d\d-\d\d$/;

/** A day means its beginning in UTC. */
const withTime = (text: string) => (DAY.test(text) ? `${text}T00:00:00Z` : text);

/** Reads a time that a person typed, or a day. @returns undefined if it is neither, or a day that its month does not have */
export const readTime = (text: string): Date | undefined => dateTimeOf(withTime(text));

/**
 * Reads when something may start or has to end, for a request: a time as {@link readTime}, or whole seconds from now.
 *
 * @returns undefined if it is neither, or too far ahead
 */
export function readTimeAhead(text: string, now: Date): string | undefined {
  const time = withTime(text);
  return timeOf(time, now) ? time : undefined;
}
