import { randomUUID } from 'node:crypto';
import { eventually, getJob, request } from '@spillway/e2e/deployed.ts';
import type { Accepted, JobView } from '@spillway/shared/contracts/job.ts';

export const TYPE = 'misbehaving';
export const ORDERED = 'misbehaving-ordered';
/** An idle stage starts jobs within two seconds of their time. Here the engine shares its cores with other tests. */
export const LATE_MS = 8000;

/** Submits a job with options in its query. @returns its id */
export async function submitLater(query: Record<string, string>, { type = TYPE, id = `later-${randomUUID()}` } = {}) {
  const body = JSON.stringify({ behave: 'succeed', ...(type === ORDERED && { key: `key-${randomUUID()}` }) });
  const answer = await request<Accepted>(`/jobs/${type}/${id}?${new URLSearchParams(query)}`, { method: 'PUT', body });
  expect(answer.status).toBe(202);
  return { id, ...answer.body };
}

/** Waits until a job is in a status. */
export const isIn = (status: string, id: string, type = TYPE) =>
  eventually(`${id} is ${status}`, async () => {
    const { body } = await getJob(type, id);
    return body.status === status && body;
  });

const enteredAt = ({ history }: JobView, status: string) =>
  Date.parse(history.find((entry) => entry.status === status)?.at ?? '');

/** How many milliseconds later than its time a job started, by the clocks of the stage. */
export const lateness = (job: JobView) => enteredAt(job, 'RUNNING') - Date.parse(job.runAfter ?? '');
