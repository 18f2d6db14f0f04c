/**
 * The seconds that a `Retry-After` header asks for, as a number or as a date (RFC 9110, 10.2.3).
 *
 * @returns undefined if there is no header, if it is not valid, or if it asks for no wait: then our own backoff is better
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : secondsUntil(text, now);
  return seconds > 0 ? seconds : undefined;
}

/** The three forms of a date in HTTP, which is always in UTC (RFC 9110, 5.6.7). Date.parse reads far more than these. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
];

/** NaN if the text is not a date. */
function secondsUntil(text: string, now: Date): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return Number.NaN;
  const utc = text.endsWith(' GMT') ? text : `${text} GMT`;
  return Math.ceil((Date.parse(utc) - now.getTime()) / 1000);
}
