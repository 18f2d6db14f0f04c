import { ClientError } from './errors.ts';

/**
 * Fetches, and says in one line what could not be reached: `fetch` itself only says "fetch failed".
 *
 * @param what the other side, such as `The front door`
 * @throws ClientError if no answer came
 */
export async function fetchFrom(what: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new ClientError('UNREACHABLE', `${what} at ${new URL(url).origin} cannot be reached (${code ?? message}).`);
  }
}
