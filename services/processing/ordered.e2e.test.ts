import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { archive, eventually, jobOf, laneUrl, one, outcomeOf, sqs, submit } from '@spillway/shared/testing/engine.ts';

const TYPE = 'rogue-ordered';
const aKey = () => `key-${randomUUID()}`;

/** Submits jobs of one key, one after the other. @returns their ids */
async function inTurn(key: string, ...behaviours: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const behave of behaviours) {
    const { status, body } = await submit(TYPE, { key, behave });
    expect(status).toBe(202);
    ids.push(body.jobId);
  }
  return ids;
}

/** A crashed consumer's messages come back when their visibility timeout ends. */
const CRASH_SECONDS = 60;

/** One after the other: they end in this order, and all at once would keep the engine busy with answering us. */
async function outcomes(ids: string[]): Promise<JobView[]> {
  const jobs: JobView[] = [];
  for (const id of ids) jobs.push(await outcomeOf(TYPE, id, CRASH_SECONDS));
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

/** A message on the lane or its DLQ, as the front door sent it, but for what differs. */
async function byHand(queue: string, key: string, id: string, attributes: Record<string, string> = {}) {
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
  it('run in the order of their submits, one at a time, also when one of them fails and is tried again', async () => {
    const jobs = await outcomes(
      await inTurn(aKey(), 'succeed', 'sleep', 'fail-once', 'succeed', 'fail-once', 'succeed'),
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
    'keep their order when one takes its process with it',
    async () => {
      const jobs = await outcomes(await inTurn(aKey(), 'succeed', 'exit-once', 'succeed'));
      expect(jobs.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
        'SUCCEEDED 1',
        'SUCCEEDED 2',
        'SUCCEEDED 1',
      ]);
      expectOneAtATime(jobs);
    },
    CRASH_SECONDS * 2000,
  );

  it('go on behind one that used up its attempts: that one is failed, and archived', async () => {
    const [failed = '', next = ''] = await inTurn(aKey(), 'fail-always', 'succeed');
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

describe('a key', () => {
  it('does not wait for the retries of another one', async () => {
    const [failing = ''] = await inTurn(aKey(), 'fail-once');
    const [other = ''] = await inTurn(aKey(), 'succeed');
    const [slow, quick] = await outcomes([failing, other]);
    expect(slow?.attempts).toBe(2);
    expect((quick?.settledAt ?? '') < (slow?.settledAt ?? '')).toBe(true);
  });

  it('does not wait while a job of another one hangs', async () => {
    const [hanging = ''] = await inTurn(aKey(), 'never-return');
    await eventually('the hanging job', async () => (await jobOf(TYPE, hanging)).body.status === 'RUNNING');
    const [quick] = await outcomes(await inTurn(aKey(), 'succeed'));
    expect(quick?.status).toBe('SUCCEEDED');
    const { settledAt = '' } = await outcomeOf(TYPE, hanging);
    expect((quick?.settledAt ?? '') < settledAt).toBe(true);
  });
});

describe('a job of an ordered lane', () => {
  it('is another job when the same body is posted again', async () => {
    const jobs = await outcomes(await inTurn(aKey(), 'succeed', 'succeed'));
    expect(new Set(jobs.map(({ jobId }) => jobId)).size).toBe(2);
  });

  it('is the same job when it is put again under its id', async () => {
    const [key, id] = [aKey(), randomUUID()];
    const answers = await Promise.all([1, 2, 3].map(() => submit(TYPE, { key, behave: 'fail-once' }, id)));
    expect(answers.map(({ status, body }) => `${status} ${body.jobId}`)).toEqual(Array(3).fill(`202 ${id}`));
    expect(await outcomeOf(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
  });

  it('is still the same job after the five minutes that FIFO remembers: a second message is dropped', async () => {
    const [key, id] = [aKey(), randomUUID()];
    await submit(TYPE, { key, behave: 'succeed' }, id);
    const before = await outcomeOf(TYPE, id);
    await byHand('.fifo', key, id);
    await outcomes(await inTurn(key, 'succeed'));
    expect((await jobOf(TYPE, id)).body).toEqual(before);
  });

  it('comes back from the DLQ to its lane as the same job, if it was never attempted', async () => {
    const [key, id] = [aKey(), randomUUID()];
    await byHand('-dlq.fifo', key, id);
    expect(await outcomeOf(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
  });

  it('is parked after five returns', async () => {
    const key = aKey();
    const messageId = await byHand('-dlq.fifo', key, randomUUID(), { returns: '5' });
    const record = await eventually('the parked job', () => archive.get(`parked/${TYPE}/${messageId}.json`));
    expect(JSON.parse(record)).toMatchObject({ kind: 'parked', message: { groupId: `${one.clientId}.${key}` } });
  });

  it.each([
    ['a space', 'my key'],
    ['65 characters', 'k'.repeat(65)],
    ['a sign that a group may not hold', '#'],
    ['nothing', ''],
  ])('with a key of %s is refused with the field’s name', async (_, key) => {
    const { status, headers, body } = await submit(TYPE, { key, behave: 'succeed' });
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toContain('key');
  });
});
