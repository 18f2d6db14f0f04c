import { ClientError } from './errors.ts';
import type { Answer } from './front-door.ts';

/** How a request is repeated, and what ends it. */
export interface Patience {
  /**
   * How often it is sent at most.
   *
   * @defaultValue 6, which takes about 15 seconds
   */
  tries?: number | undefined;
  /** Ends the request, and the wait for the next try, with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const USUAL_TRIES = 6;
/** The wait before the second try. It doubles with each try. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** A front door that asks for a longer wait is closed for now, and the caller should decide what to do. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends a request again while the front door is busy or cannot be reached. Only for requests that may arrive twice.
 *
 * @returns the last answer, which may still say that the front door is busy
 * @throws ClientError if no answer came to the last try
 */
export async function patiently<Body>(
  send: () => Promise<Answer<Body>>,
  { tries = USUAL_TRIES, signal }: Patience,
): Promise<Answer<Body>> {
  for (let tried = 1; ; tried += 1) {
    signal?.throwIfAborted();
    const came = await send().catch(unreached);
    const last = tried >= tries;
    if (came instanceof ClientError) {
      if (last) throw came;
      await pause(waitMs(tried), signal);
      continue;
    }
    const asked = retryAfterMs(came.headers.get('retry-after'));
    if (!isBusy(came) || last || asked > LONGEST_RETRY_AFTER_MS) return came;
    await pause(asked + waitMs(tried), signal);
  }
}

/** What a promise gives. @throws the signal's reason if it is aborted first */
export async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  signal?.throwIfAborted();
  const done = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
  });
  return Promise.race([promise, aborted]).finally(() => done.abort());
}

const isBusy = ({ status }: Answer<unknown>) => status === 429 || status >= 500;

function unreached(error: unknown): ClientError {
  if (error instanceof ClientError && error.code === 'UNREACHABLE') return error;
  throw error;
}

/** Half of the wait is random, so that clients that were refused together do not come back together. */
function waitMs(tried: number): number {
  const ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1));
  return ms * (0.5 + Math.random() / 2);
}

/** Seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3); anything else counts as 0. */
export function retryAfterMs(text: string | null, now = Date.now()): number {
  if (!text) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

/** Waits, unless the signal ends it. @throws the signal's reason */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
