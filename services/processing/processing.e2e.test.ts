import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { archive, eventually, laneUrl, sqs, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const misbehave = async (behave: string) => {
  const id = `${behave}-${randomUUID()}`;
  expect((await submit('misbehaving', { behave }, id)).status).toBe(202);
  return id;
};
/** A crashed consumer's message comes back when its visibility timeout ends, up to twice for each behaviour. */
const CRASH_SECONDS = 90;

describe.each([
  ['succeed', 'SUCCEEDED', 1, undefined],
  ['fail-once', 'SUCCEEDED', 2, undefined],
  ['fail-always', 'FAILED', 2, 'Error'],
  ['fail-permanently', 'FAILED', 1, 'NO_SUCH_THING'],
  ['throw-a-string', 'FAILED', 2, 'NOT_AN_ERROR'],
  ['never-return', 'FAILED', 2, 'TIMED_OUT'],
  ['return-nonsense', 'FAILED', 1, 'RESULT_REFUSED'],
  ['return-much', 'SUCCEEDED', 1, undefined],
  ['log-a-megabyte', 'SUCCEEDED', 1, undefined],
  ['report-progress', 'SUCCEEDED', 1, undefined],
])('job code that should %s', (behave, status, attempts, code) => {
  it(`settles a job as ${status} after ${attempts} attempts when its code should ${behave}`, async () => {
    const job = await waitForOutcome('misbehaving', await misbehave(behave));
    expect(job).toMatchObject({ status, attempts, ...(code && { error: { code } }) });
  });
});

it('answers with a link instead of a result that is too long for the response', async () => {
  const job = await waitForOutcome('misbehaving', await misbehave('return-very-much'));
  expect(job).toMatchObject({ status: 'SUCCEEDED', links: { result: expect.any(String) } });
  const answer = await fetch(job.links.result ?? '');
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect((await answer.text()).length).toBe('{"attempt":1,"filler":""}'.length + 7 * 1024 * 1024);
});

describe('job code that crashes its process', () => {
  it(
    'retries or fails a job that crashes its process, and lets the other jobs of its batch succeed',
    async () => {
      const behaviours = ['exit-once', 'exit-always', 'spin', 'exhaust-memory'];
      const ids = await Promise.all(behaviours.map(misbehave));
      const bystanders = await Promise.all(Array.from({ length: 6 }, () => misbehave('succeed')));
      const [exitOnce, ...fatal] = await Promise.all(
        ids.map((id) => waitForOutcome('misbehaving', id, CRASH_SECONDS * 2)),
      );
      expect(exitOnce).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
      for (const job of fatal)
        expect(job).toMatchObject({ status: 'FAILED', attempts: 2, error: { code: 'ATTEMPT_VANISHED' } });
      for (const id of bystanders)
        expect(await waitForOutcome('misbehaving', id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    },
    CRASH_SECONDS * 3000,
  );
});

describe('a message that was sent to a lane by hand', () => {
  it('parks a message without a tenant, with the reason, and keeps the lane running', async () => {
    const { MessageId } = await sqs.send(
      new SendMessageCommand({ QueueUrl: laneUrl('csv-import'), MessageBody: 'hello', MessageGroupId: 'nobody' }),
    );
    const record = await eventually('the parked message', () => archive.get(`parked/csv-import/${MessageId}.json`));
    expect(JSON.parse(record)).toMatchObject({
      kind: 'parked',
      reason: expect.stringContaining('tenant'),
      message: { body: 'hello' },
    });
    const { body } = await submit('csv-import', csvImport.example.input);
    expect(await waitForOutcome('csv-import', body.jobId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('fails and archives a message that names a tenant but does not fit the contract', async () => {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const id = randomUUID();
    const { MessageId } = await sqs.send(
      new SendMessageCommand({
        QueueUrl: laneUrl('csv-import'),
        MessageBody: '{"nonsense":true}',
        MessageGroupId: 'by-hand',
        MessageAttributes: {
          tenant: attribute('by-hand'),
          acceptedAt: attribute(String(Date.now())),
          jobId: attribute(id),
        },
      }),
    );
    const record = await eventually('the archived job', () =>
      archive.get(`failed/by-hand/csv-import/${id}/${MessageId}.json`),
    );
    expect(JSON.parse(record)).toMatchObject({
      kind: 'failed',
      error: { code: 'INPUT_REFUSED' },
      job: { tenant: 'by-hand', id },
    });
  });
});

/** On the local stage, dead letters are read every minute. */
const READER_SECONDS = 100;
const READER_MS = 120_000;

describe('a message that a lane gave up on', () => {
  it(
    'parks a message whose job was accepted 13 days ago and never attempted, and does not fail the job',
    async () => {
      const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
      const id = randomUUID();
      const attributes = { tenant: 'returned', acceptedAt: String(Date.now() - 14 * 86_400_000), jobId: id };
      const { MessageId } = await sqs.send(
        new SendMessageCommand({
          QueueUrl: laneUrl('csv-import', '-dlq'),
          MessageBody: JSON.stringify(csvImport.example.input),
          MessageGroupId: 'returned',
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, attribute(value)]),
          ),
        }),
      );
      const record = await eventually(
        'the parked job',
        () => archive.get(`parked/csv-import/${MessageId}.json`),
        READER_SECONDS,
      );
      expect(JSON.parse(record)).toMatchObject({
        kind: 'parked',
        reason: expect.stringContaining('13 days'),
        message: { attributes },
      });
    },
    READER_MS,
  );
});
