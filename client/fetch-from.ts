import { ClientError } from './errors.ts';

/**
 * Fetches, and says in one line what could not be reached: `fetch` itself only says "fetch failed".
 *
 * @param what the other side, such as `The front door`
 * @throws ClientError if no answer came
 * @throws TypeError if the request itself is wrong, such as a header
 */
export async function fetchFrom(what: string, url: string, init: RequestInit): Promise<Response> {
  const request = new Request(url, init);
  try {
    return await fetch(request);
  } catch (error) {
    // the caller's own signal
    if (init.signal?.aborted) throw error;
    // browsers give no cause
    const { cause = error } = error as { cause?: { code?: string; message: string } };
    const { code, message } = cause as { code?: string; message: string };
    throw new ClientError('UNREACHABLE', `${what} at ${new URL(url).origin} cannot be reached (${code ?? message}).`);
  }
}
