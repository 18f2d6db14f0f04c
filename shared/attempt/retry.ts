import { JobTimeoutError, PermanentJobError, RetryLaterError } from './errors.ts';

/** SQS delays a message by at most 900 s; a longer wait would need a scheduler. */
export const LONGEST_WAIT_SECONDS = 900;
/** For longer waits the message is sent again, so that it does not use up the lane's 120,000 messages in flight. */
export const LONGEST_WAIT_IN_FLIGHT_SECONDS = 60;

/**
 * Seconds to wait before the next attempt: exponential with "equal jitter", so between half of 2^attempt s and all of it
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), at most {@link LONGEST_WAIT_SECONDS}.
 *
 * @param attempt the attempt that failed, from 1
 * @param random uniform in [0, 1)
 */
export function backoffSeconds(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_WAIT_SECONDS, 2 ** Math.min(attempt, 10));
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random);
}

/** Decides what a thrown value means for the job. */
export function afterThrow(thrown: unknown, attempt: number, maxAttempts: number, random: number) {
  // a proxy is not an Error, and `instanceof` on it may throw
  const error = Error.isError(thrown) ? thrown : undefined;
  if (error instanceof PermanentJobError || attempt >= maxAttempts) return { kind: 'fail' as const };
  const wished = error instanceof RetryLaterError ? Math.ceil(error.afterSeconds) : Number.NaN;
  const seconds = Number.isNaN(wished) ? backoffSeconds(attempt, random) : Math.max(0, wished);
  return { kind: 'retry' as const, afterSeconds: Math.min(LONGEST_WAIT_SECONDS, seconds) };
}

/** Runs `work` and gives up on it when its time is up; the controller's signal then aborts. */
export async function within<T>(
  timeoutSeconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  controller = new AbortController(),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new JobTimeoutError(timeoutSeconds);
      controller.abort(error);
      reject(error);
    }, timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([work(controller.signal), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
