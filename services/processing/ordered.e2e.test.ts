import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { archive, eventually, getJob, laneUrl, one, sqs, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { newKey, submitterInOrder } from '@spillway/e2e/ordered-jobs.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';

const TYPE = 'misbehaving-ordered';
const submitInOrder = submitterInOrder(TYPE);

/** A crashed consumer's messages come back when their visibility timeout ends. */
const CRASH_SECONDS = 60;

/** Waits for one job after the other: they end in this order, and polling for all at once would keep the engine busy. */
async function outcomes(ids: string[]): Promise<JobView[]> {
  const jobs: JobView[] = [];
  for (const id of ids) jobs.push(await waitForOutcome(TYPE, id, CRASH_SECONDS));
  return jobs;
}

const startOf = (job: JobView) => job.history.find(({ status }) => status === 'RUNNING')?.at ?? '';
/** Each job first started after the one before it was settled. */
function expectOneAtATime(jobs: JobView[]) {
  for (const [index, job] of jobs.slice(1).entries()) {
    const before = jobs[index]?.settledAt ?? '';
    expect(startOf(job) >= before).toBe(true);
  }
}

/** Sends a message to the lane or its DLQ, as the front door would. @returns the message's id */
async function sendByHand(queue: string, key: string, id: string, attributes: Record<string, string> = {}) {
  const all = { tenant: one.clientId, acceptedAt: String(Date.now()), jobId: id, ...attributes };
  const { MessageId = '' } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: laneUrl(TYPE, queue),
      MessageBody: JSON.stringify({ key, behave: 'succeed' }),
      MessageGroupId: `${one.clientId}.${key}`,
      MessageDeduplicationId: randomUUID(),
      MessageAttributes: Object.fromEntries(
        Object.entries(all).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  );
  return MessageId;
}

describe('the jobs of one key', () => {
  it('runs the jobs of one key in the order of their submits, one at a time, also when one is tried again', async () => {
    const jobs = await outcomes(
      await submitInOrder(newKey(), 'succeed', 'sleep', 'fail-once', 'succeed', 'fail-once', 'succeed'),
    );
    expect(jobs.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'SUCCEEDED 1',
      'SUCCEEDED 1',
      'SUCCEEDED 2',
      'SUCCEEDED 1',
      'SUCCEEDED 2',
      'SUCCEEDED 1',
    ]);
    expectOneAtATime(jobs);
  });

  it(
    'keeps the order of one key’s jobs when one of them crashes its process',
    async () => {
      const jobs = await outcomes(await submitInOrder(newKey(), 'succeed', 'exit-once', 'succeed'));
      expect(jobs.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
        'SUCCEEDED 1',
        'SUCCEEDED 2',
        'SUCCEEDED 1',
      ]);
      expectOneAtATime(jobs);
    },
    CRASH_SECONDS * 2000,
  );

  it('fails and archives a job that used up its attempts, then runs the next job of its key', async () => {
    const [failed = '', next = ''] = await submitInOrder(newKey(), 'fail-always', 'succeed');
    const jobs = await outcomes([failed, next]);
    expect(jobs).toMatchObject([
      { status: 'FAILED', attempts: 2, error: { message: 'this never works' } },
      { status: 'SUCCEEDED', attempts: 1 },
    ]);
    expectOneAtATime(jobs);
    const record = await archive.get(`failed/${one.clientId}/${TYPE}/${failed}/${failed}.json`);
    expect(JSON.parse(record ?? '{}')).toMatchObject({ kind: 'failed', job: { id: failed } });
  });
});

describe('different keys', () => {
  it('runs the jobs of one key during the retries of another key', async () => {
    const [failing = ''] = await submitInOrder(newKey(), 'fail-once');
    const [other = ''] = await submitInOrder(newKey(), 'succeed');
    const [slow, quick] = await outcomes([failing, other]);
    expect(slow?.attempts).toBe(2);
    expect((quick?.settledAt ?? '') < (slow?.settledAt ?? '')).toBe(true);
  });

  it('runs the jobs of one key while a job of another key hangs', async () => {
    const [hanging = ''] = await submitInOrder(newKey(), 'never-return');
    await eventually('the hanging job', async () => (await getJob(TYPE, hanging)).body.status === 'RUNNING');
    const [quick] = await outcomes(await submitInOrder(newKey(), 'succeed'));
    expect(quick?.status).toBe('SUCCEEDED');
    const { settledAt = '' } = await waitForOutcome(TYPE, hanging);
    expect((quick?.settledAt ?? '') < settledAt).toBe(true);
  });
});

/** On the local stage, dead letters are read every minute. */
const READER_SECONDS = 100;
const READER_MS = 120_000;

describe('a job of an ordered lane', () => {
  it('makes a second job when the same body is posted again to an ordered lane', async () => {
    const jobs = await outcomes(await submitInOrder(newKey(), 'succeed', 'succeed'));
    expect(new Set(jobs.map(({ jobId }) => jobId)).size).toBe(2);
  });

  it('makes only one job when it is put several times under the same id to an ordered lane', async () => {
    const [key, id] = [newKey(), randomUUID()];
    const answers = await Promise.all([1, 2, 3].map(() => submit(TYPE, { key, behave: 'fail-once' }, id)));
    expect(answers.map(({ status, body }) => `${status} ${body.jobId}`)).toEqual(Array(3).fill(`202 ${id}`));
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
  });

  it('drops a second message of an ordered job that comes after its outcome', async () => {
    const [key, id] = [newKey(), randomUUID()];
    await submit(TYPE, { key, behave: 'succeed' }, id);
    const before = await waitForOutcome(TYPE, id);
    await sendByHand('.fifo', key, id);
    await outcomes(await submitInOrder(key, 'succeed'));
    expect((await getJob(TYPE, id)).body).toEqual(before);
  });

  it(
    'returns an ordered job that was never attempted from the DLQ to its lane, as the same job',
    async () => {
      const [key, id] = [newKey(), randomUUID()];
      await sendByHand('-dlq.fifo', key, id);
      expect(await waitForOutcome(TYPE, id, READER_SECONDS)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    },
    READER_MS,
  );

  it(
    'parks the message of an ordered job that was accepted 13 days ago and never attempted',
    async () => {
      const key = newKey();
      const acceptedAt = String(Date.now() - 14 * 86_400_000);
      const messageId = await sendByHand('-dlq.fifo', key, randomUUID(), { acceptedAt });
      const record = await eventually(
        'the parked job',
        () => archive.get(`parked/${TYPE}/${messageId}.json`),
        READER_SECONDS,
      );
      expect(JSON.parse(record)).toMatchObject({ kind: 'parked', message: { groupId: `${one.clientId}.${key}` } });
    },
    READER_MS,
  );

  it.each([
    ['a space', 'my key'],
    ['65 characters', 'k'.repeat(65)],
    ['a character that a message group may not contain', '#'],
    ['nothing', ''],
  ])('refuses an order key of %s and names the field', async (_, key) => {
    const { status, headers, body } = await submit(TYPE, { key, behave: 'succeed' });
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toContain('key');
  });
});
