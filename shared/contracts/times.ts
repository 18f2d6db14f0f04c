/** A time of RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). A leap second (`:60`) is not accepted. */
const DATE_TIME =
  /\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)/;
const ONLY_DATE_TIME = new RegExp(`^${DATE_TIME.source}$`);

/** A time that a client sends: RFC 3339, or whole seconds from the job's acceptance. */
export const TIME = new RegExp(`^(?:\\d{1,8}|${DATE_TIME.source})$`);

/** How many days ahead a time may be. The same day next year is always within reach, also when a leap day is in between. */
export const LONGEST_AHEAD_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The time so many seconds after another. */
export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/** How far ahead a time may be, in milliseconds. */
export const LONGEST_AHEAD_MS = LONGEST_AHEAD_DAYS * DAY_MS;

/** What a client has to know about times, for descriptions and errors. */
export const TIME_RULE = `an RFC 3339 time such as 2026-12-24T18:00:00Z, or whole seconds from now such as 3600, at most ${LONGEST_AHEAD_DAYS} days ahead; in a URL, "+" is written %2B`;

/**
 * Reads a time.
 *
 * @param from the moment that seconds count from
 * @returns undefined if it is not a time, or too far ahead. It may be in the past.
 */
export function timeOf(text: string, from: Date): Date | undefined {
  if (!TIME.test(text)) return undefined;
  const time = /^\d+$/.test(text) ? new Date(from.getTime() + Number(text) * 1000) : dateTimeOf(text);
  return time && time.getTime() - from.getTime() <= LONGEST_AHEAD_MS ? time : undefined;
}

/** Reads an RFC 3339 time. @returns undefined if it is not one, or its month does not have that day */
export function dateTimeOf(text: string): Date | undefined {
  if (!ONLY_DATE_TIME.test(text)) return undefined;
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  // JavaScript reads 30 February as 2 March
  return midnight.toISOString().startsWith(day) ? new Date(text.toUpperCase()) : undefined;
}
