import { randomUUID } from 'node:crypto';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  dynamo,
  eventually,
  getJob,
  laneUrl,
  one,
  output,
  request,
  sqs,
  stage,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import { whileLaneIsPaused } from '@spillway/e2e/paused-lane.ts';
import { killWorkersOf } from '@spillway/e2e/workers.ts';
import type { Accepted } from '@spillway/shared/contracts/job.ts';
import { dueKeys, jobKey } from '@spillway/shared/job-store/keys.ts';

const TYPE = 'misbehaving';
const MINUTE_MS = 60_000;
const lambda = new LambdaClient({});
const iam = new IAMClient({});
const events = new EventBridgeClient({});

const functionName = (name: string) => `processing-${stage.name}-${name}`;
const functionOf = (name: string) =>
  lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName(name) }));

/** What to undo after each test, the last change first. */
const repairs: (() => Promise<unknown>)[] = [];
const repair = async () => {
  for (const undo of repairs.splice(0).reverse()) await undo();
};
afterEach(repair);

/** Submits a job and waits until its row is scheduled. @returns its id */
async function schedule(runAfter: string): Promise<string> {
  const id = `due-${randomUUID()}`;
  const path = `/jobs/${TYPE}/${id}?runAfter=${runAfter}`;
  expect((await request<Accepted>(path, { method: 'PUT', body: '{"behave":"succeed"}' })).status).toBe(202);
  await eventually(`${id} is scheduled`, async () => (await statusOf(id)) === 'SCHEDULED');
  return id;
}

const statusOf = async (id: string) => {
  const { status, body } = await getJob(TYPE, id);
  return status === 200 && body.confirmed ? body.status : undefined;
};

describe('a crash of the function that starts scheduled jobs', () => {
  /** From now until the repair, `on-due` cannot write rows, as if it ended before each write. */
  async function denyWrites() {
    const RoleName = (await functionOf('on-due')).Role?.split('/').at(-1);
    const policy = { RoleName, PolicyName: 'no-writes' };
    const Statement = [{ Effect: 'Deny', Action: 'dynamodb:UpdateItem', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    repairs.push(() => iam.send(new DeleteRolePolicyCommand(policy)));
  }

  /** References that were not handled come again after a second, until the repair. */
  async function hurryReferences() {
    const queue = { QueueUrl: laneUrl('due') };
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ ...queue, AttributeNames: ['VisibilityTimeout'] }),
    );
    await sqs.send(new SetQueueAttributesCommand({ ...queue, Attributes: { VisibilityTimeout: '1' } }));
    repairs.push(() => sqs.send(new SetQueueAttributesCommand({ ...queue, Attributes })));
  }

  const messagesInLane = async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: laneUrl(TYPE), AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  };

  it('a job whose message is sent into its lane again and again, because its row could not be marked, runs once', async () => {
    const id = await schedule('3');
    let killed = 0;
    await whileLaneIsPaused({ service: 'misbehaving', name: TYPE }, async ({ resume }) => {
      await hurryReferences();
      await denyWrites();
      for (const messages of [1, 2, 3]) {
        await eventually(`${messages} messages in the lane`, async () => (await messagesInLane()) >= messages);
        killed += killWorkersOf('on-due');
      }
      expect(await statusOf(id)).toBe('SCHEDULED');
      await repair();
      await resume();
      const job = await waitForOutcome(TYPE, id);
      expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      await eventually('the lane is empty', async () => (await messagesInLane()) === 0);
      expect((await getJob(TYPE, id)).body).toEqual(job);
    });
    expect(killed).toBeGreaterThan(0);
  });
});

describe('ticks that did not come', () => {
  async function stopTicks() {
    const { FunctionArn } = await functionOf('every-minute');
    const { RuleNames = [] } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: FunctionArn }));
    expect(RuleNames).toHaveLength(1);
    for (const Name of RuleNames) {
      await events.send(new DisableRuleCommand({ Name }));
      repairs.push(() => events.send(new EnableRuleCommand({ Name })));
    }
  }

  /** The next tick, as its rule sends it. */
  async function tick() {
    const Payload = JSON.stringify({ time: new Date().toISOString() });
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName('every-minute'), Payload }),
    );
    expect(FunctionError).toBeUndefined();
  }

  /** Changes a job's row as if it had been due for ten minutes, and no reference to it had been sent. */
  async function fallDue(id: string) {
    const { pk } = jobKey({ tenant: one.clientId, type: TYPE, id });
    const due = new Date(Date.now() - 10 * MINUTE_MS);
    const { dueSort } = dueKeys(pk, due);
    await dynamo.send(
      new UpdateCommand({
        TableName: output('processing', 'JobsTableName'),
        Key: { pk },
        UpdateExpression: 'SET runAfter = :due, dueSort = :place',
        ConditionExpression: '#status = :scheduled',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':due': due.toISOString(), ':place': dueSort, ':scheduled': 'SCHEDULED' },
      }),
    );
  }

  it('jobs that fell due while no tick came start with the next one, each of them once, even if that tick comes twice', async () => {
    const ids = [await schedule('3600'), await schedule('7200')];
    await stopTicks();
    for (const id of ids) await fallDue(id);
    expect(await Promise.all(ids.map(statusOf))).toEqual(['SCHEDULED', 'SCHEDULED']);
    await Promise.all([tick(), tick()]);
    for (const id of ids) {
      const job = await waitForOutcome(TYPE, id);
      expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      const started = job.history.find(({ status }) => status === 'RUNNING')?.at ?? '';
      expect(Date.parse(started) - Date.parse(job.runAfter ?? '')).toBeGreaterThan(9 * MINUTE_MS);
    }
  });
});
