import type { JobList, JobView } from '@spillway/shared/contracts/job.ts';
import type { Stage } from './stage.ts';

/** What a caller holds. */
export interface Access {
  token: string;
  apiKey: string;
}

/** An answer of the front door: its status, its headers and its JSON. */
export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

/** A client of the front door, over HTTP like any other. */
export function client(stage: Pick<Stage, 'apiUrl' | 'name'>, { token, apiKey }: Access) {
  const headers = { authorization: `Bearer ${token}`, 'x-api-key': apiKey, 'content-type': 'application/json' };

  async function request<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const response = await fetch(`${stage.apiUrl}${path}`, { ...init, headers: { ...headers, ...init.headers } });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  const jobPath = (type: string, id: string) => `/jobs/${type}/${encodeURIComponent(id)}`;

  return {
    request,
    /** Submits a job; with an id of the caller's own, the same id again is the same job. */
    submit(type: string, input: unknown, id?: string, more: { traceparent?: string } = {}) {
      const path = id === undefined ? `/jobs/${type}` : jobPath(type, id);
      return request<{ jobId: string; detail?: string }>(path, {
        method: id === undefined ? 'POST' : 'PUT',
        headers: more,
        body: JSON.stringify(input),
      });
    },
    job: (type: string, id: string, acceptedAt?: string) =>
      request<JobView & { detail?: string }>(`${jobPath(type, id)}${acceptedAt ? `?acceptedAt=${acceptedAt}` : ''}`),
    jobs: (type: string, query: Record<string, string> = {}) =>
      request<JobList & { detail?: string }>(`/jobs/${type}?${new URLSearchParams(query)}`),
  };
}
