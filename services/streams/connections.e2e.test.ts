import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, eventually, one, other, stage, submit } from '@spillway/e2e/deployed.ts';
import { whileRefused } from '@spillway/e2e/refusals.ts';
import { eventsOf, isAbout, socketsOfTests } from '@spillway/e2e/sockets.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { MOST_SUBSCRIPTIONS } from '@spillway/shared/contracts/socket-protocol.ts';
import { subscriptionKey } from './socket/table.ts';

const TABLE = `spillway-${stage.name}-connections`;
const INPUT = csvImport.example.input;

const open = socketsOfTests();

const targetOf = (jobId: string) => `job#${one.clientId}#csv-import#${jobId}`;

/** The rows of the subscriptions to a job of the tenant `one`. */
async function subscriptionsTo(jobId: string) {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': targetOf(jobId) },
    }),
  );
  return Items;
}

/** The ids of the connections that are subscribed to a job of the tenant `one`. */
const subscribersOf = async (jobId: string): Promise<string[]> => (await subscriptionsTo(jobId)).map(({ id }) => id);

const lambda = new LambdaClient({});
const endConnections = () => lambda.send(new InvokeCommand({ FunctionName: `streams-${stage.name}-tick-connections` }));

/** Lets the access of a connection to a job end, as its token's expiry does. @returns the key of the connection's row */
async function expire(id: string, jobId: string) {
  const Key = { pk: `connection#${id}`, sk: 'connection' };
  const subscriptions = (await subscriptionsTo(jobId)).filter((row) => row.id === id);
  for (const key of [Key, ...subscriptions.map(({ pk, sk }) => ({ pk, sk }))]) {
    await dynamo.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: key,
        UpdateExpression: 'SET #until = :past',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':past': Math.floor(Date.now() / 1000) - 1 },
      }),
    );
  }
  return Key;
}

describe('messages that are wrong', () => {
  it('are answered with a problem, and the connection goes on', async () => {
    const socket = await open(one);
    for (const text of ['{', 'hello', '{"action":"shout"}', '{"action":"subscribe","since":1}']) socket.say(text);
    await eventually('a problem for each', async () => socket.messages.length === 4);
    expect(socket.messages.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const { body } = await submit('csv-import', INPUT);
    socket.say({ action: 'subscribe', job: { type: 'csv-import', jobId: body.jobId }, since: '2026-01-01T00:00:00Z' });
    await socket.hear('an event', isAbout(body.jobId));
  });

  it('refuses more subscriptions than a connection may have, and keeps those that it has', async () => {
    const socket = await open(other);
    const jobIds = Array.from({ length: MOST_SUBSCRIPTIONS + 20 }, () => randomUUID());
    for (const jobId of jobIds) socket.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    const answered = await eventually('an answer to each', async () => {
      const statuses = socket.messages.map(({ status }) => status);
      return statuses.length === jobIds.length && statuses;
    });
    expect(answered.filter((status) => status === 429)).toHaveLength(20);
    expect(socket.messages.findLast(({ status }) => status === 429).about.job.jobId).toBe(jobIds.at(-1));
    const [first = ''] = jobIds;
    await submit('csv-import', INPUT, first, { as: other });
    await socket.hear('an event of the first one', isAbout(first));
  });

  it('sends no more events after unsubscribing', async () => {
    const socket = await open(one);
    const jobId = randomUUID();
    const job = { type: 'csv-import', jobId };
    socket.say({ action: 'subscribe', job });
    socket.say({ action: 'unsubscribe', job });
    const listener = await open(one);
    listener.say({ action: 'subscribe', job });
    await listener.hear('that the job is not known', ({ status }) => status === 404);
    await eventually('one subscription', async () => (await subscribersOf(jobId)).length === 1);
    await submit('csv-import', INPUT, jobId);
    await listener.hear('the outcome', ({ type }) => type === 'job.succeeded');
    expect(socket.messages.filter(isAbout(jobId))).toEqual([]);
  });
});

describe('a client that takes no more messages', () => {
  it('delays nobody, and catches up once it takes them again', async () => {
    const [slow, quick] = [await open(one), await open(one)];
    const jobId = randomUUID();
    const subscription = { action: 'subscribe', job: { type: 'csv-import', jobId } };
    slow.say(subscription);
    const [slowId = ''] = await eventually('its subscription', async () => {
      const ids = await subscribersOf(jobId);
      return ids.length === 1 && ids;
    });
    quick.say(subscription);
    await eventually('both subscriptions', async () => (await subscribersOf(jobId)).length === 2);
    await whileRefused(slowId, async () => {
      await submit('csv-import', INPUT, jobId);
      await quick.hear('the outcome', ({ type }) => type === 'job.succeeded');
    });
    expect(slow.messages.filter(isAbout(jobId))).toEqual([]);
    slow.say({ ...subscription, since: '2026-01-01T00:00:00Z' });
    await slow.hear('the outcome', ({ type }) => type === 'job.succeeded');
    const types = ({ messages }: typeof slow) => eventsOf(jobId, messages).map(({ type }) => type);
    expect(types(slow)).toEqual(types(quick));
  });
});

describe('connections that end', () => {
  it('are forgotten when the client closes them', async () => {
    const socket = await open(one);
    const jobId = randomUUID();
    socket.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    await eventually('the subscription', async () => (await subscribersOf(jobId)).length === 1);
    socket.close();
    await eventually('no subscription', async () => (await subscribersOf(jobId)).length === 0);
  });

  it('are forgotten by the next push if nobody said that they had ended', async () => {
    const socket = await open(one);
    const jobId = randomUUID();
    socket.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    await eventually('the subscription', async () => (await subscribersOf(jobId)).length === 1);
    const row = {
      ...subscriptionKey(targetOf(jobId), 'dead'),
      id: 'dead',
      until: Math.floor(Date.now() / 1000) + 600,
    };
    await dynamo.send(new PutCommand({ TableName: TABLE, Item: row }));
    await submit('csv-import', INPUT, jobId);
    await socket.hear('the outcome', ({ type }) => type === 'job.succeeded');
    expect(eventsOf(jobId, socket.messages).map(({ type }) => type)).toEqual([
      'job.accepted',
      'job.started',
      'job.succeeded',
    ]);
    await eventually('only the other one', async () => (await subscribersOf(jobId)).length === 1);
  });

  it('get nothing more once their token has expired, and are closed by the tick with the reason', async () => {
    const [socket, listener] = [await open(one), await open(one)];
    const jobId = randomUUID();
    const job = { type: 'csv-import', jobId };
    socket.say({ action: 'subscribe', job });
    const [id = ''] = await eventually('the subscription', async () => {
      const ids = await subscribersOf(jobId);
      return ids.length === 1 && ids;
    });
    const Key = await expire(id, jobId);
    listener.say({ action: 'subscribe', job });
    await listener.hear('that the job is not known', ({ status }) => status === 404);
    await submit('csv-import', INPUT, jobId);
    await listener.hear('the outcome', ({ type }) => type === 'job.succeeded');
    await endConnections();
    const { detail } = await socket.hear('the reason', ({ status }) => status === 401);
    expect(detail).toContain('expired');
    await socket.closed;
    expect(socket.messages.filter(isAbout(jobId))).toEqual([]);
    expect(await dynamo.send(new GetCommand({ TableName: TABLE, Key }))).not.toHaveProperty('Item');
  });

  it('are closed with the reason when they send a message after their token has expired', async () => {
    const socket = await open(one);
    const jobId = randomUUID();
    const message = { action: 'subscribe', job: { type: 'csv-import', jobId } };
    socket.say(message);
    const [id = ''] = await eventually('the subscription', async () => {
      const ids = await subscribersOf(jobId);
      return ids.length === 1 && ids;
    });
    await expire(id, jobId);
    socket.say(message);
    await socket.hear('the reason', ({ status }) => status === 401);
    await socket.closed;
    expect(await subscribersOf(jobId)).toEqual([]);
  });
});
