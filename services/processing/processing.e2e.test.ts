import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { archive, eventually, laneUrl, outcomeOf, sqs, submit } from '@spillway/shared/testing/engine.ts';

const rogue = async (behave: string) => {
  const id = `${behave}-${randomUUID()}`;
  expect((await submit('rogue', { behave }, id)).status).toBe(202);
  return id;
};
/** A crashed consumer's message comes back when its visibility timeout ends; each behaviour may do so twice. */
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
])('job code that is told to %s', (behave, status, attempts, code) => {
  it(`ends ${status} after ${attempts} attempts`, async () => {
    const job = await outcomeOf('rogue', await rogue(behave));
    expect(job).toMatchObject({ status, attempts, ...(code && { error: { code } }) });
  });
});

it('a result that is too long for an answer is read from the link that stands in its place', async () => {
  const job = await outcomeOf('rogue', await rogue('return-very-much'));
  expect(job).toMatchObject({ status: 'SUCCEEDED', links: { result: expect.any(String) } });
  const answer = await fetch(job.links.result ?? '');
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect((await answer.text()).length).toBe('{"attempt":1,"filler":""}'.length + 7 * 1024 * 1024);
});

describe('job code that takes its process with it', () => {
  it(
    'costs only its own attempts: it is tried again, or fails, and the others succeed',
    async () => {
      const behaviours = ['exit-once', 'exit-always', 'spin', 'exhaust-memory'];
      const ids = await Promise.all(behaviours.map(rogue));
      const bystanders = await Promise.all(Array.from({ length: 6 }, () => rogue('succeed')));
      const [exitOnce, ...fatal] = await Promise.all(ids.map((id) => outcomeOf('rogue', id, CRASH_SECONDS * 2)));
      expect(exitOnce).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
      for (const job of fatal)
        expect(job).toMatchObject({ status: 'FAILED', attempts: 2, error: { code: 'ATTEMPT_VANISHED' } });
      for (const id of bystanders)
        expect(await outcomeOf('rogue', id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    },
    CRASH_SECONDS * 3000,
  );
});

describe('a message that was put on a lane by hand', () => {
  it('and belongs to nobody is parked with the reason, and holds up nothing', async () => {
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
    expect(await outcomeOf('csv-import', body.jobId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('and names a tenant but fits no contract fails with the reason, and is archived', async () => {
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

describe('what a lane gave up on', () => {
  it('is parked after five returns if it was never attempted, and its job is not failed', async () => {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const id = randomUUID();
    const attributes = { tenant: 'returned', acceptedAt: String(Date.now()), jobId: id, returns: '5' };
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
    const record = await eventually('the parked job', () => archive.get(`parked/csv-import/${MessageId}.json`));
    expect(JSON.parse(record)).toMatchObject({
      kind: 'parked',
      reason: expect.stringContaining('5 times'),
      message: { attributes },
    });
  });
});
