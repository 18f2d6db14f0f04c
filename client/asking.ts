import { refused } from './errors.ts';
import type { Answer, FrontDoor, RequestOptions } from './front-door.ts';
import { type Patience, patiently } from './patience.ts';

/**
 * Sends a request, again while the front door is busy, and returns the body of its answer.
 *
 * @param what what is asked, for the error: `The job could not be read`
 * @throws ClientError if it is refused, or if the patience is at its end
 */
export async function ask<Body>(
  door: Pick<FrontDoor, 'request'>,
  what: string,
  path: string,
  request: RequestOptions,
  patience: Patience,
): Promise<Body> {
  const { signal } = patience;
  const answer: Answer<Body> = await patiently(() => door.request<Body>(path, { ...request, signal }), patience);
  if (answer.status < 400) return answer.body;
  throw refused(what, answer.status, answer.body as object);
}
