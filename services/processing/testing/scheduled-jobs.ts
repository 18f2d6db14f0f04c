import { randomUUID } from 'node:crypto';
import { engine, eventually, getJob, laneUrl, request } from '@spillway/e2e/deployed.ts';
import type { Accepted, JobView } from '@spillway/shared/contracts/job.ts';

export const TYPE = 'misbehaving';
export const ORDERED = 'misbehaving-ordered';

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

/** Submits a job that waits for its time. On a busy machine a consumer may see it only after that: then another one waits longer. */
export async function waitingFor(seconds: number, type = TYPE): ReturnType<typeof submitLater> {
  const job = await submitLater({ runAfter: String(seconds) }, { type });
  const seen = await eventually(`${job.id} is seen`, async () => {
    const { status, body } = await getJob(type, job.id);
    return status === 200 && body.history.length > 1 && body;
  });
  return seen.history[1]?.status === 'SCHEDULED' ? job : waitingFor(2 * seconds, type);
}

const enteredAt = ({ history }: JobView, status: string) =>
  Date.parse(history.find((entry) => entry.status === status)?.at ?? '');

/** How many milliseconds later than its time a job started, by the clocks of the stage. */
export const lateness = (job: JobView) => enteredAt(job, 'RUNNING') - Date.parse(job.runAfter ?? '');

/** Messages as the engine shows them, by account, region and queue. Times are in seconds, except in the attributes. */
interface ShownMessages {
  messages: Record<
    string,
    Record<
      string,
      Record<
        string,
        { Body: string; SentTimestamp: number; VisibleAt: number; Attributes: { SentTimestamp: string } }[]
      >
    >
  >;
}

/** The tick refers to what falls due in more than a minute. */
const REFERENCE_SECONDS = 180;

/** Waits until the queue of references has one to a job. */
const referenceTo = (id: string) =>
  eventually(
    `a reference to ${id}`,
    async () => {
      const url = `${engine.endpoint}/_ministack/sqs/messages?QueueUrl=${laneUrl('due')}`;
      const { messages } = (await (await fetch(url)).json()) as ShownMessages;
      const regions = Object.values(messages).flatMap((account) => Object.values(account));
      const all = regions.flatMap((queues) => Object.values(queues).flat());
      return all.find(({ Body }) => Body.includes(id));
    },
    REFERENCE_SECONDS,
  );

/**
 * Expects that a scheduled job is referred to in the second in which it may start. However late a busy machine handles the
 * reference, its delay says when an idle stage would start the job.
 */
export async function expectExactReference(id: string): Promise<void> {
  const { runAfter = '', history } = await isIn('SCHEDULED', id);
  const { Attributes, SentTimestamp, VisibleAt } = await referenceTo(id);
  const delaySeconds = VisibleAt - SentTimestamp;
  const at = Date.parse(runAfter);
  expect(Number(Attributes.SentTimestamp) + delaySeconds * 1000).toBeGreaterThanOrEqual(at);
  // it took a while until it was sent, but it waits no longer than it had to when the job was scheduled
  const scheduledAt = Date.parse(history.find(({ status }) => status === 'SCHEDULED')?.at ?? '');
  expect(delaySeconds).toBeLessThanOrEqual(Math.ceil((at - scheduledAt) / 1000));
}
