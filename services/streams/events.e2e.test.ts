import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { JobEvent } from '@spillway/shared/contracts/events.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { eventually, outcomeOf, outputs, sqs, submit } from '@spillway/shared/testing/engine.ts';

const QueueUrl = outputs.streams.InspectionQueueUrl;

/** Every event caught so far, checked by its contract. */
async function caught(into: Map<string, JobEvent>): Promise<Map<string, JobEvent>> {
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

describe('the bus', () => {
  it('tells what happened to a job, each fact with an id of its own, in order', async () => {
    const { body } = await submit('csv-import', csvImport.example.input);
    await outcomeOf('csv-import', body.jobId);
    const seen = new Map<string, JobEvent>();
    const events = await eventually('both events', async () => {
      const mine = [...(await caught(seen)).values()].filter(({ data }) => data.jobId === body.jobId);
      return mine.length === 2 && mine;
    });
    const inOrder = events.sort((a, b) => a.data.revision - b.data.revision);
    expect(inOrder.map(({ type }) => type)).toEqual(['job.started', 'job.succeeded']);
    expect(inOrder[1]?.data.latencyMs).toBeGreaterThan(0);
  });
});
