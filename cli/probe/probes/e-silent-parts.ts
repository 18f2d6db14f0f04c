import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { askLake, readLake } from '@spillway/client/lake.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { workflowName } from '@spillway/shared/contracts/lane.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import { policyDocument } from '@spillway/shared/packaging/cloudformation.ts';
import { expectAll, type Probe } from '../check.ts';
import { type Context, outcomeOf, outcomesOf, type Submitted, until } from '../context.ts';
import { denyRole } from '../deny-role.ts';
import { resourceOf, STAGE_RESOURCES } from '../stage-resources.ts';

const SETTLES_WITHIN_SECONDS = 300;
/** Firehose buffers for five minutes (services/analytics/resources/delivery.yml), and the stream's window is added. */
const FACTS_WITHIN_SECONDS = 480;
/** IAM needs some seconds, the publisher half a minute. */
const STORED_WITHIN_SECONDS = 180;
const [, ALARM] = STAGE_RESOURCES.quietAlarm;
const JOBS = 5;

interface Silent {
  startedAt: Date;
  jobs: Submitted[];
}

/** That a job was accepted, that it started, and its outcome. */
const FACTS_A_JOB = 3;

/** The counted facts of each job, by job id. */
async function countFacts(context: Context, jobs: readonly Submitted[]): Promise<Map<string, number>> {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const ids = jobs.map(({ id }) => `'${id}'`).join(', ');
  const { rows } = await askLake(
    await readLake(context.stage.name),
    `SELECT job_id, COUNT(*) FROM distinct_facts WHERE day >= '${yesterday}' AND job_id IN (${ids}) GROUP BY job_id`,
  );
  return new Map(rows.map(([id = '', count]) => [id, Number(count)]));
}

/** A queue that gets what is published to a topic, until the clean-up. */
async function subscribedQueue(context: Context, TopicArn: string): Promise<string> {
  const [sqs, sns] = [new SQSClient(), new SNSClient()];
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${context.label}-alarms` }));
  context.cleanUp.add('delete the queue for alarms', () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Policy = JSON.stringify(
    policyDocument({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: Attributes?.QueueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
    }),
  );
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn, ReturnSubscriptionArn: true }),
  );
  context.cleanUp.add('delete the subscription to alarms', () => sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  return QueueUrl;
}

/** Whether the publisher of events has stored what was refused since a time. */
async function hasNewObject(Bucket: string, since: Date): Promise<boolean> {
  const refused = { Bucket, Prefix: REFUSED_EVENTS_PREFIX };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: new S3Client() }, refused)) {
    if (Contents.some(({ LastModified = since }) => LastModified > since)) return true;
  }
  return false;
}

/** Whether what nobody looks at every day works. */
export const silentParts: Probe<Silent> = {
  letter: 'E',
  title: 'The silent parts',
  minutes: 15,
  lanes: [csvImport.name, orderFulfilment.name],
  does: [
    `sets the alarm ${ALARM} off and back by hand: whoever subscribed to the alarms gets two messages`,
    'subscribes a queue of its own to the alarms',
    'denies the event publisher events:PutEvents for up to three minutes: what ends meanwhile is stored, and published afterwards by the command that the report names',
    'leaves the facts of its jobs in the lake',
  ],
  async prepare(context) {
    const startedAt = new Date();
    const { input } = csvImport.example;
    const jobs = await Promise.all(Array.from({ length: JOBS }, () => context.tenant.submit(csvImport.name, input)));
    await outcomesOf(context, jobs, SETTLES_WITHIN_SECONDS);
    return { startedAt, jobs };
  },
  checks: [
    {
      name: 'facts in Athena',
      expected: `three facts for each of ${JOBS} jobs, within ${FACTS_WITHIN_SECONDS / 60} minutes`,
      async run({ startedAt, jobs }, context) {
        const counts = await until(context, 'three facts of each job', FACTS_WITHIN_SECONDS, async () => {
          const found = await countFacts(context, jobs);
          return jobs.every(({ id }) => found.get(id) === FACTS_A_JOB) && found;
        });
        const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
        return { passed: true, seen: `${counts.size} jobs with three facts each after ${seconds} s` };
      },
    },
    {
      name: 'an alarm reaches those who subscribed',
      expected: `${ALARM} goes off, and a subscribed queue gets its message within two minutes`,
      async run(_, context) {
        const AlarmName = await resourceOf(context, 'quietAlarm');
        const QueueUrl = await subscribedQueue(context, await resourceOf(context, 'alarmTopic'));
        const cloudWatch = new CloudWatchClient();
        const set = (StateValue: 'ALARM' | 'OK') =>
          cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'spillway probe' }));
        context.cleanUp.add(`set ${ALARM} back`, () => set('OK'));
        const startedAt = Date.now();
        await set('ALARM');
        const body = await until(context, 'the message of the alarm', 120, async () => {
          const { Messages = [] } = await new SQSClient().send(
            new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
          );
          return Messages.map(({ Body = '' }) => Body).find((each) => each.includes(AlarmName));
        });
        return expectAll(`a message after ${Math.round((Date.now() - startedAt) / 1000)} s`, {
          'the alarm in it': body.includes(AlarmName),
        });
      },
    },
    {
      name: 'the log of a workflow that failed',
      expected: 'the state machine’s log group has an event within three minutes',
      needs: 'workflowLogs',
      async run(_, context) {
        const { input } = orderFulfilment.example;
        const order = { ...input, payment: { ...input.payment, token: 'tok_declined' } };
        const startTime = Date.now();
        const job = await context.tenant.submit(orderFulfilment.name, order);
        const { status } = await outcomeOf(context, job, SETTLES_WITHIN_SECONDS);
        const logGroupName = `/aws/vendedlogs/states/${workflowName(orderFulfilment, context.stage.name)}`;
        const count = await until(context, 'an event in the log', 180, async () => {
          const { events = [] } = await new CloudWatchLogsClient().send(
            new FilterLogEventsCommand({ logGroupName, startTime }),
          );
          return events.length;
        });
        return expectAll(`${status}, ${count} events`, { FAILED: status === 'FAILED', 'a log': count > 0 });
      },
    },
    {
      name: 'events that cannot be published',
      expected: `the event of a job is stored in the archive within ${STORED_WITHIN_SECONDS / 60} minutes`,
      async run(_, context) {
        const Bucket = await resourceOf(context, 'archive');
        const allowAgain = await denyRole(context, 'publisherRole', 'events:PutEvents');
        const startedAt = new Date();
        await until(context, 'a refused event in the archive', STORED_WITHIN_SECONDS, async () => {
          await outcomeOf(context, await context.tenant.submit(csvImport.name, csvImport.example.input), 60);
          return hasNewObject(Bucket, startedAt);
        });
        await allowAgain();
        const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
        return { passed: true, seen: `an object after ${seconds} s: publish it with spillway events resend` };
      },
    },
  ],
};
