/**
 * The seconds that a `Retry-After` header asks for, as a number or as a date (RFC 9110, 10.2.3).
 *
 * @returns undefined if there is no header, if it is not valid, or if it asks for no wait: then our own backoff is better
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) : secondsUntil(header, now);
  return seconds > 0 ? seconds : undefined;
}

/** NaN if the text is not a date. */
const secondsUntil = (text: string, now: Date) =>
  /[A-Za-z]/.test(text) ? Math.ceil((Date.parse(text) - now.getTime()) / 1000) : Number.NaN;
