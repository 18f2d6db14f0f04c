import { randomUUID } from 'node:crypto';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { eventually, getJob, laneUrl, sqs, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';

type Attributes = Partial<Record<QueueAttributeName, string>>;

const lambda = new LambdaClient({});
/** As many receives as a lane once allowed these job types: 2 × maxAttempts + 10. */
const FORMER_RECEIVES = 14;
/** An outage, a return to the lane, which takes a minute, and the retries. */
const LIMIT_SECONDS = 150;

/** What to undo after each test, the last change first. */
const repairs: (() => Promise<unknown>)[] = [];
const repair = async () => {
  for (const undo of repairs.splice(0).reverse()) await undo();
};
afterEach(repair);

/** Changes attributes of a lane until the repair. */
async function changeLane(url: string, changes: (before: Attributes) => Attributes) {
  const AttributeNames: QueueAttributeName[] = ['VisibilityTimeout', 'RedrivePolicy'];
  const { Attributes: before = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: changes(before) }));
  repairs.push(() => sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: before })));
}

/** Takes the consumer's environment away until the repair, so that it does not load. */
async function breakConsumer(type: string) {
  const FunctionName = `misbehaving-${stage.name}-${type}`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: {} } }));
  repairs.push(() =>
    lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: Environment?.Variables } }),
    ),
  );
}

/** Reads the dead-letter queues now: returned messages are delayed for as long as the schedule rests, so these would not overlap. */
async function readDeadLetters() {
  const FunctionName = `misbehaving-${stage.name}-tick-dead-letters`;
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  if (FunctionError) throw new Error(`The dead-letter queues cannot be read: ${Payload?.transformToString()}`);
}

/** Looks at the first message of a lane, which counts as a receive. */
async function firstMessage(url: string) {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages?.[0];
}

/** How many messages of a standard lane were sent again and are still delayed. */
async function delayed(url: string): Promise<number> {
  const AttributeNames: QueueAttributeName[] = ['ApproximateNumberOfMessagesDelayed'];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessagesDelayed);
}

const submitAll = async (type: string, key: { key?: string }, ...behaviours: string[]) => {
  const ids: string[] = [];
  for (const behave of behaviours) ids.push((await submit(type, { ...key, behave })).body.jobId);
  return ids;
};

/** Waits until a job waits for its second attempt. */
const inBackoff = (type: string, id = '') =>
  eventually(`the first attempt at ${id}`, async () => {
    const { body } = await getJob(type, id);
    return body.status === 'QUEUED' && body.attempts === 1;
  });

async function outcomes(type: string, ids: string[]): Promise<JobView[]> {
  const jobs: JobView[] = [];
  for (const id of ids) jobs.push(await waitForOutcome(type, id, LIMIT_SECONDS));
  return jobs;
}

const endings = (jobs: JobView[]) => jobs.map(({ status, attempts }) => `${status} ${attempts}`);

describe('a consumer that is broken for a long time', () => {
  it.each([
    ['misbehaving', '', {}],
    ['misbehaving-ordered', '.fifo', { key: `key-${randomUUID()}` }],
  ])(
    'costs no job of %s an attempt or its order, however often its message is received, and all settle after the repair',
    async (type, suffix, key) => {
      const url = laneUrl(type, suffix);
      const [retrying = ''] = await submitAll(type, key, 'fail-once-and-wait');
      await inBackoff(type, retrying);
      await changeLane(url, () => ({ VisibilityTimeout: '1' }));
      await breakConsumer(type);
      const fresh = await submitAll(type, key, 'succeed', 'succeed', 'succeed', 'succeed');
      await eventually(
        `more than ${FORMER_RECEIVES} receives`,
        async () => Number((await firstMessage(url))?.Attributes?.ApproximateReceiveCount) > FORMER_RECEIVES,
        LIMIT_SECONDS,
      );
      await repair();
      const jobs = await outcomes(type, [retrying, ...fresh]);
      expect(endings(jobs)).toEqual(['SUCCEEDED 2', ...fresh.map(() => 'SUCCEEDED 1')]);
      if (suffix) {
        const ends = jobs.map(({ settledAt }) => settledAt);
        expect(ends).toEqual(ends.toSorted());
      }
    },
    LIMIT_SECONDS * 3000,
  );

  it.each([
    ['misbehaving', '', {}],
    ['misbehaving-ordered', '.fifo', { key: `key-${randomUUID()}` }],
  ])(
    'costs no job of %s an attempt even if its message falls out of the lane during the outage',
    async (type, suffix, key) => {
      const url = laneUrl(type, suffix);
      const [retrying = ''] = await submitAll(type, key, 'fail-once-and-wait');
      await inBackoff(type, retrying);
      await changeLane(url, ({ RedrivePolicy = '{}' }) => ({
        VisibilityTimeout: '1',
        RedrivePolicy: JSON.stringify({ ...JSON.parse(RedrivePolicy), maxReceiveCount: 2 }),
      }));
      await breakConsumer(type);
      const ids = [retrying, ...(await submitAll(type, key, 'succeed', 'succeed', 'succeed'))];
      // a message that was sent again has another id than its job
      const returned = async () => {
        await readDeadLetters();
        return suffix === ''
          ? (await delayed(url)) === ids.length
          : !ids.includes((await firstMessage(url))?.MessageId ?? retrying);
      };
      await eventually('the return of the messages to their lane', returned, LIMIT_SECONDS);
      await repair();
      expect(endings(await outcomes(type, ids))).toEqual(['SUCCEEDED 2', 'SUCCEEDED 1', 'SUCCEEDED 1', 'SUCCEEDED 1']);
    },
    LIMIT_SECONDS * 3000,
  );
});
