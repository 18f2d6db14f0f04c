import { randomUUID } from 'node:crypto';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, eventually, one, other, output, sqs, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const TopicArn = output('streams', 'EventTopicArn');
const broken = { ...csvImport.example.input, csv: '"private-text' };

/** A queue of its own that gets what fits a filter policy. @returns what takes the events that came */
async function subscribe(FilterPolicy: Record<string, string[]>): Promise<() => Promise<JobEvent[]>> {
  const name = `topic-${randomUUID()}`;
  const QueueArn = TopicArn.replace(/:sns:/, ':sqs:').replace(/[^:]*$/, name);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QueueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ],
  });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  await new SNSClient({}).send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: QueueArn,
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(FilterPolicy) },
    }),
  );
  const seen: JobEvent[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    seen.push(...Messages.map(({ Body = '' }) => JobEvent.parse(JSON.parse(Body))));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return seen;
  };
}

it('the topic delivers to each subscription the events that fit its filter by type, outcome and tenant, with links instead of inputs', async () => {
  const tenants = [one.clientId, other.clientId];
  const everything = await subscribe({ jobType: ['csv-import'], tenant: tenants });
  const mine = await subscribe({ jobType: ['csv-import'], tenant: [one.clientId], outcome: ['FAILED'] });
  const submitted = [
    await submit('csv-import', csvImport.example.input),
    await submit('csv-import', broken),
    await submit('csv-import', broken, undefined, { as: other }),
  ].map(({ body }) => body.jobId);
  for (const [index, id] of submitted.entries()) {
    await waitForOutcome('csv-import', id, undefined, index === 2 ? other : one);
  }
  const of = (events: JobEvent[]) => events.filter(({ data }) => submitted.includes(data.jobId));
  const all = await eventually('the events of all three jobs', async () => {
    const events = of(await everything());
    return new Set(events.map(({ id }) => id)).size === 3 && events;
  });
  expect(JSON.stringify(all)).not.toContain('private-text');
  expect(all[0]?.data.links.self).toBe(`/jobs/csv-import/${all[0]?.data.jobId}`);
  // the topic sends to all of its subscriptions at the same time
  const failed = await eventually('my failed job', async () => {
    const events = of(await mine());
    return events.length > 0 && events;
  });
  expect(new Set(failed.map(({ data }) => data.jobId))).toEqual(new Set([submitted[1]]));
});

it('a function that subscribes to the topic acts on a conflict of a job', async () => {
  const id = `conflict-${randomUUID()}`;
  await submit('csv-import', csvImport.example.input, id);
  await waitForOutcome('csv-import', id);
  await submit('csv-import', broken, id);
  const opened = await eventually('the case of services/example-subscriber', async () => {
    const { Items = [] } = await dynamo.send(
      new ScanCommand({
        TableName: `spillway-${stage.name}-example-cases`,
        FilterExpression: 'subject = :subject',
        ExpressionAttributeValues: { ':subject': `csv-import/${id}` },
      }),
    );
    return Items.length > 0 && Items;
  });
  expect(opened).toMatchObject([{ reason: 'job.conflicted', tenant: one.clientId }]);
});
