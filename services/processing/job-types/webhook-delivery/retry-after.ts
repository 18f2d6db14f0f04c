/**
 * Seconds that a `Retry-After` asks for: a number, or a date (RFC 9110, 10.2.3).
 *
 * @returns undefined if there is none, it is neither, or it asks for no wait: our own backoff is kinder to both sides
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) : secondsUntil(header, now);
  return seconds > 0 ? seconds : undefined;
}

/** NaN if the text is no date. */
const secondsUntil = (text: string, now: Date) =>
  /[A-Za-z]/.test(text) ? Math.ceil((Date.parse(text) - now.getTime()) / 1000) : Number.NaN;
