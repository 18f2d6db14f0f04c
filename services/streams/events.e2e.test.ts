import { randomUUID } from 'node:crypto';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  archive,
  dynamo,
  eventually,
  one,
  output,
  sqs,
  stage,
  submit,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import { failedRow } from '@spillway/e2e/failed-row.ts';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const QueueUrl = output('streams', 'InspectionQueueUrl');

/** Takes events from the inspection queue, checks them by their contract and adds them to a map. */
async function catchEvents(into: Map<string, JobEvent>): Promise<Map<string, JobEvent>> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { Body = '' } of Messages) {
    const event = JobEvent.parse(JSON.parse(Body).detail);
    into.set(event.id, event);
  }
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  return into;
}

/** The queue also has the events of all other tests, which are read first. */
const CATCH_SECONDS = 150;
const CATCH_MS = 180_000;

it('exactly two functions read the stream of the jobs table, as AWS advises', async () => {
  const { EventSourceMappings = [] } = await new LambdaClient({}).send(
    new ListEventSourceMappingsCommand({ EventSourceArn: output('processing', 'JobsTableStreamArn') }),
  );
  const functions = EventSourceMappings.map(
    ({ FunctionArn = '' }) => FunctionArn.split(':function:')[1]?.split(':')[0],
  );
  expect(functions.sort()).toEqual(
    ['analytics', 'streams'].map((service) => `${service}-${stage.name}-on-job-changed`),
  );
});

describe('the bus', () => {
  it(
    'publishes only the outcome of a job, unless its contract asks for all events',
    async () => {
      const quiet = await submit('csv-import', csvImport.example.input);
      await waitForOutcome('csv-import', quiet.body.jobId);
      const talkative = await submit('misbehaving', { behave: 'fail-once' });
      await waitForOutcome('misbehaving', talkative.body.jobId);
      const seen = new Map<string, JobEvent>();
      const of = (jobId: string) =>
        [...seen.values()].filter(({ data }) => data.jobId === jobId).sort((a, b) => a.data.revision - b.data.revision);
      // it ended later, so the other job's events were published before
      await eventually(
        'the events of the last job',
        async () => {
          await catchEvents(seen);
          return of(talkative.body.jobId).length === 5;
        },
        CATCH_SECONDS,
      );
      const [outcome, ...others] = of(quiet.body.jobId);
      expect([outcome?.type, others]).toEqual(['job.succeeded', []]);
      expect(outcome?.data.latencyMs).toBeGreaterThan(0);
      expect(of(talkative.body.jobId).map(({ type }) => type)).toEqual([
        'job.accepted',
        'job.started',
        'job.retrying',
        'job.started',
        'job.succeeded',
      ]);
    },
    CATCH_MS,
  );

  it('parks an event that is too long for the bus instead of losing it', async () => {
    const jobId = `long-${randomUUID()}`;
    // as long as a row may be
    const row = failedRow(
      { tenant: one.clientId, jobId, traceId: 'a'.repeat(32) },
      { code: 'Long', message: 'x'.repeat(250_000) },
    );
    await dynamo.send(new PutCommand({ TableName: output('processing', 'JobsTableName'), Item: row }));
    const record = await eventually('the event', () => parked('streams', jobId));
    expect(record.reason).toMatch(/^the event has 25\d{4} bytes$/);
  });

  it(
    'parks a row that is not a job in each reader of the stream, and then publishes later events',
    async () => {
      const pk = `poison-${randomUUID()}`;
      await dynamo.send(
        new PutCommand({ TableName: output('processing', 'JobsTableName'), Item: { pk, status: 'RUNNING' } }),
      );
      for (const reader of ['streams', 'analytics']) {
        const record = await eventually(`the row in ${reader}`, () => parked(reader, pk));
        expect(record.reason).toBeTruthy();
      }
      const { body } = await submit('csv-import', csvImport.example.input);
      await waitForOutcome('csv-import', body.jobId);
      const seen = new Map<string, JobEvent>();
      await eventually(
        'an event of the job after it',
        async () => [...(await catchEvents(seen)).values()].some(({ data }) => data.jobId === body.jobId),
        CATCH_SECONDS,
      );
    },
    CATCH_MS,
  );
});

/** The record that a reader of the stream has parked for a row. */
async function parked(reader: string, pk: string): Promise<{ reason: string } | undefined> {
  for (const key of await archive.keys(`parked/${reader}/`)) {
    const text = await archive.get(key);
    if (text?.includes(pk)) return JSON.parse(text);
  }
  return undefined;
}
