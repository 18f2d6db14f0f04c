import type { JobList, JobView } from '@spillway/shared/contracts/job.ts';
import type { Stage } from './stage.ts';

/** What a caller needs for each request. */
export interface Access {
  /** A Cognito access token (see `accessToken`). */
  token: string;
  apiKey: string;
}

/** What differs from a plain GET. */
export interface RequestOptions {
  method?: string;
  /** Added to the usual headers; one that is `undefined` is not sent. */
  headers?: Record<string, string | undefined>;
  body?: string;
}

/** What a caller may say about a job beside its input. */
export interface SubmitOptions {
  /** The caller's own job id: the same id again is the same job. Without it, the queue's message id is the job's. */
  id?: string | undefined;
  /** W3C trace context, so that the job continues the caller's trace. */
  traceparent?: string | undefined;
}

/** An answer of the front door; `Body` is what a success holds. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body & { detail?: string };
}

/** The front door's answer to a job that it accepted. */
export interface Accepted {
  jobId: string;
  status: string;
  links: { self: string };
}

export type FrontDoor = ReturnType<typeof frontDoor>;

/** A typed HTTP client of a stage's front door, for one caller. */
export function frontDoor({ apiUrl }: Pick<Stage, 'apiUrl'>, { token, apiKey }: Access) {
  const usual = { authorization: `Bearer ${token}`, 'x-api-key': apiKey, 'content-type': 'application/json' };

  async function request<Body = Record<string, unknown>>(
    path: string,
    { method = 'GET', headers = {}, body }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: present({ ...usual, ...headers }),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  return {
    request,
    submit(type: string, input: unknown, { id, traceparent }: SubmitOptions = {}) {
      return request<Accepted>(id === undefined ? `/jobs/${type}` : jobPath(type, id), {
        method: id === undefined ? 'POST' : 'PUT',
        headers: { traceparent },
        body: JSON.stringify(input),
      });
    },
    /** @param acceptedAt from the submit's Location: by it, a job that no consumer has seen yet is known */
    job: (type: string, id: string, acceptedAt?: string) =>
      request<JobView>(`${jobPath(type, id)}${acceptedAt ? `?acceptedAt=${acceptedAt}` : ''}`),
    jobs: (type: string, query: Record<string, string> = {}) =>
      request<JobList>(`/jobs/${type}?${new URLSearchParams(query)}`),
  };
}

export const jobPath = (type: string, id: string) => `/jobs/${type}/${encodeURIComponent(id)}`;

const present = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
