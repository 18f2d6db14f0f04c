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
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    // the request itself is wrong, such as a header
    if (!cause) throw error;
    throw new ClientError(
      'UNREACHABLE',
      `${what} at ${new URL(url).origin} cannot be reached (${cause.code ?? cause.message}).`,
    );
  }
}
