import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createClient } from '@spillway/client';
import { dynamo, eventually, one, other, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { eventsOf, isAbout, type Sent, socketsOfTests, type TestSocket } from '@spillway/e2e/sockets.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { MOST_SUBSCRIPTIONS } from '@spillway/shared/contracts/socket-protocol.ts';

const TABLE = `spillway-${stage.name}-connections`;
const INPUT = csvImport.example.input;

const open = socketsOfTests();
const typesOf = (messages: Sent[]) => messages.map(({ type }) => type);

/** The keys of the connections that are subscribed to a job of the tenant `one`. */
async function subscribersOf(jobId: string): Promise<string[]> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `job#${one.clientId}#csv-import#${jobId}` },
    }),
  );
  return Items.map(({ id }) => id);
}

describe('catching up', () => {
  it('sends what was missed since a revision, and since a time, with the ids that the events had', async () => {
    const before = new Date();
    const { body } = await submit('csv-import', INPUT);
    const job = { type: 'csv-import', jobId: body.jobId };
    await waitForOutcome(job.type, job.jobId);
    const listener = await open(one);
    listener.say({ action: 'subscribe', job, since: 1 });
    // the reader may still push what came before, which clients drop by its revision
    const outcome = await listener.hear(
      'the outcome',
      (message) => isAbout(job.jobId)(message) && message.data.revision > 1,
    );
    expect([outcome.type, outcome.data.revision]).toEqual(['job.succeeded', 2]);
    const late = await open(one);
    late.say({ action: 'subscribe', type: 'csv-import', since: before.toISOString() });
    const again = await late.hear(
      'the outcome',
      (message) => isAbout(job.jobId)(message) && message.type === 'job.succeeded',
    );
    expect(again).toEqual(outcome);
    expect(typesOf(eventsOf(job.jobId, late.messages))).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
  });
});

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
      pk: `job#${one.clientId}#csv-import#${jobId}`,
      sk: '00#dead',
      id: 'dead',
      until: Math.floor(Date.now() / 1000) + 600,
    };
    await dynamo.send(new PutCommand({ TableName: TABLE, Item: row }));
    await submit('csv-import', INPUT, jobId);
    await socket.hear('the outcome', ({ type }) => type === 'job.succeeded');
    expect(typesOf(eventsOf(jobId, socket.messages))).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
  });

  it('learn that their token has expired, are closed by the tick, and get nothing more', async () => {
    const socket = await open(one);
    const jobId = randomUUID();
    socket.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    const [id = ''] = await eventually('the subscription', async () => {
      const ids = await subscribersOf(jobId);
      return ids.length === 1 && ids;
    });
    const Key = { pk: `connection#${id}`, sk: 'connection' };
    await dynamo.send(
      new UpdateCommand({
        TableName: TABLE,
        Key,
        UpdateExpression: 'SET #until = :past',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':past': Math.floor(Date.now() / 1000) - 1 },
      }),
    );
    await new LambdaClient({}).send(new InvokeCommand({ FunctionName: `streams-${stage.name}-tick-connections` }));
    const { detail } = await socket.hear('the reason', ({ status }) => status === 401);
    expect(detail).toContain('expired');
    await socket.closed;
    expect(await dynamo.send(new GetCommand({ TableName: TABLE, Key }))).not.toHaveProperty('Item');
  });
});

describe('many connections of a tenant', () => {
  it('get every change in order, and delay nobody else', async () => {
    // on a loaded machine, few at a time
    const many: TestSocket[] = [];
    while (many.length < 60) many.push(...(await Promise.all(Array.from({ length: 6 }, () => open(one)))));
    for (const socket of many) socket.say({ action: 'subscribe' });
    const single = await open(other);
    const jobId = randomUUID();
    single.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    await single.hear('that the job is not known', ({ status }) => status === 404);
    await eventually('all subscriptions', async () => {
      const { Count } = await dynamo.send(
        new QueryCommand({
          TableName: TABLE,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `all#${one.clientId}` },
          Select: 'COUNT',
        }),
      );
      return (Count ?? 0) >= many.length;
    });
    const [mine] = await Promise.all([submit('csv-import', INPUT), submit('csv-import', INPUT, jobId, { as: other })]);
    await single.hear('the outcome', ({ type }) => type === 'job.succeeded');
    for (const socket of many) {
      await socket.hear('the outcome', (sent) => isAbout(mine.body.jobId)(sent) && sent.type === 'job.succeeded');
      const revisions = eventsOf(mine.body.jobId, socket.messages).map(({ data }) => data.revision);
      expect(revisions).toEqual([0, 1, 2]);
    }
  });
});

describe('the client', () => {
  const clientOf = (socketUrl: string | undefined) =>
    createClient({
      apiUrl: stage.apiUrl,
      ...(socketUrl && { socketUrl }),
      token: one.token,
      apiKey: one.apiKey,
    });

  it.each([
    ['over the socket', stage.socketUrl, [0, 1, 2]],
    ['by polling if it has no socket', undefined, []],
    ['by polling if the socket cannot be reached', 'ws://127.0.0.1:1/x', []],
  ])('watches a job to its outcome %s', async (_, socketUrl, revisions) => {
    const { csvImport: jobs } = clientOf(socketUrl).jobs;
    const submitted = await jobs.submit(INPUT);
    const changes = [];
    for await (const change of jobs.watch(submitted)) changes.push(change);
    expect(changes.map(({ type }) => type)).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
    expect(changes.flatMap(({ data }) => data.revision ?? [])).toEqual(revisions);
  });

  it('watches a job that has its outcome, and refuses to watch one that does not exist', async () => {
    const { csvImport: jobs } = clientOf(stage.socketUrl).jobs;
    const { jobId } = await jobs.submit(INPUT);
    await waitForOutcome('csv-import', jobId);
    const types = [];
    for await (const { type } of jobs.watch(jobId)) types.push(type);
    expect(types).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
    await expect(jobs.watch(randomUUID()).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('watches all jobs until the signal ends it', async () => {
    const client = clientOf(stage.socketUrl);
    const ending = new AbortController();
    const seen = new Set<string>();
    const watching = (async () => {
      for await (const { type, data } of client.jobs.watch({ signal: ending.signal })) {
        if (type === 'job.succeeded') seen.add(data.jobId);
      }
    })();
    const first = await client.jobs.csvImport.submit(INPUT);
    await eventually('the first job', async () => seen.has(first.jobId));
    ending.abort(new Error('enough'));
    await expect(watching).rejects.toThrow('enough');
  });
});
