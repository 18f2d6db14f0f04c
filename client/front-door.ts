import type { Accepted, Decision, JobList, JobView } from '@spillway/shared/contracts/job.ts';
import {
  CLIENT_ATTRIBUTES,
  type ClientAttributeName,
  type SubmitOptions,
} from '@spillway/shared/contracts/submit-attributes.ts';
import type { TokenSource } from './access-token.ts';
import type { Stage } from './deployed-stage.ts';
import { fetchFrom } from './fetch-from.ts';

/** What a caller needs for each request. */
export interface Access {
  /** A Cognito access token (see `accessToken`). */
  token: string;
  apiKey: string;
}

/** Access for longer than a token is valid (see `tokenSource`). */
export interface LastingAccess {
  token: TokenSource;
  apiKey: string;
}

/** How a request differs from a plain GET. */
export interface RequestOptions {
  method?: string;
  /** Added to the usual headers. A header that is `undefined` is not sent. */
  headers?: Record<string, string | undefined>;
  body?: string;
  /** Aborts the request. */
  signal?: AbortSignal | undefined;
}

/**
 * A response of the front door. `Body` is the body of a successful one. The body of another is a problem document, or the
 * text that came instead of one as its `detail`: something in between may have answered.
 */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body & { detail?: string };
}

/** How much of an answer that is not JSON is shown. */
const LONGEST_DETAIL = 200;

/** An answer's status with its reason, if it gives one, such as `404: There is no such job.` */
export const reasonOf = ({ status, body }: Answer<unknown>): string =>
  body?.detail ? `${status}: ${body.detail}` : `${status}, without a reason`;

export type FrontDoor = ReturnType<typeof frontDoor>;

/** A typed HTTP client of a stage's front door, for one caller. */
export function frontDoor(
  { apiUrl, socketUrl }: Pick<Stage, 'apiUrl' | 'socketUrl'>,
  { token, apiKey }: Access | LastingAccess,
) {
  /** The token for a request. */
  const bearer = async () => (typeof token === 'string' ? token : token());

  async function request<Body = Record<string, unknown>>(
    path: string,
    { method = 'GET', headers = {}, body, signal }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const send = (accessToken: string) =>
      fetchFrom('The front door', `${apiUrl}${path}`, {
        method,
        headers: present({
          authorization: `Bearer ${accessToken}`,
          'x-api-key': apiKey,
          'content-type': 'application/json',
          ...headers,
        }),
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      });
    const current = await bearer();
    let response = await send(current);
    if (response.status === 401 && typeof token !== 'string' && headers.authorization === undefined) {
      const renewed = await token(current);
      if (renewed !== current) response = await send(renewed);
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: bodyOf<Body>(text, response.status) };
  }

  return {
    request,
    /** The URL of the stage's socket. Absent if the caller did not give it. */
    socketUrl,
    bearer,
    /** Submits a job. With a job id it uses PUT, and the same id again is the same job. */
    submit(type: string, input: unknown, options: SubmitOptions = {}) {
      const { path, headers } = submitRequest(type, options);
      const method = options.jobId === undefined ? 'POST' : 'PUT';
      return request<Accepted>(path, { method, headers, body: JSON.stringify(input) });
    },
    /** @param acceptedAt from the submit's Location: with it, a job that no consumer has seen yet can be found */
    job: (type: string, id: string, acceptedAt?: string) => request<JobView>(locationOf(type, id, acceptedAt)),
    /** Answers a job that waits for a decision. Only the first answer counts; a later one is a 409. */
    decide: (type: string, id: string, decision: Decision) =>
      request(`${jobPath(type, id)}/decision`, { method: 'POST', body: JSON.stringify(decision) }),
    /**
     * Cancels a job: 202 with the job, which is CANCELLED or still runs, 404, or 409 if it has its outcome.
     *
     * @param acceptedAt from the submit's Location: with it, a job that no consumer has seen yet can be cancelled
     */
    cancel: (type: string, id: string, acceptedAt?: string) =>
      request<JobView>(locationOf(type, id, acceptedAt), { method: 'DELETE' }),
    jobs: (type: string, query: Record<string, string> = {}) =>
      request<JobList>(`/jobs/${type}?${new URLSearchParams(query)}`),
  };
}

/** The client's callers read fields, so text that is not a JSON object becomes one. An empty body stays undefined. */
export function bodyOf<Body>(text: string, status: number): Answer<Body>['body'] {
  if (text === '') return undefined as unknown as Answer<Body>['body'];
  const detail = text.slice(0, LONGEST_DETAIL);
  try {
    const body = JSON.parse(text);
    // API Gateway and Lambda name the reason of a refusal `message`
    if (body && typeof body === 'object')
      return status >= 400 && typeof body.message === 'string' ? { detail: body.message, ...body } : body;
    return { detail } as Answer<Body>['body'];
  } catch {
    return { detail } as Answer<Body>['body'];
  }
}

/** The path and headers of a submit: puts each option into the part of the request that shared/contracts/submit-attributes.ts names. */
export function submitRequest(type: string, options: SubmitOptions) {
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  for (const [option, value] of Object.entries(options)) {
    const { from, name } = CLIENT_ATTRIBUTES[option as ClientAttributeName];
    if (value === undefined) continue;
    if (from === 'header') headers[name] = value;
    if (from === 'query') query.set(name, value);
  }
  const path = options.jobId === undefined ? `/jobs/${type}` : jobPath(type, options.jobId);
  return { path: query.size > 0 ? `${path}?${query}` : path, headers };
}

export const jobPath = (type: string, id: string) => `/jobs/${type}/${encodeURIComponent(id)}`;

const locationOf = (type: string, id: string, acceptedAt?: string) =>
  `${jobPath(type, id)}${acceptedAt ? `?${new URLSearchParams({ acceptedAt })}` : ''}`;

const present = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
