import { randomUUID } from 'node:crypto';
import { createClient } from '@spillway/client';
import { ownTenant } from '@spillway/e2e/callers.ts';
import { eventually, one, other, stage, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { eventsOf, isAbout, openMany, type Sent, socketsOfTests, type TestSocket } from '@spillway/e2e/sockets.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const INPUT = csvImport.example.input;

const open = socketsOfTests();
const typesOf = (messages: Sent[]) => messages.map(({ type }) => type);

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

/**
 * Whether all connections get the outcome of a job. The first push to many starts an instance of on-push for each of its parts. On a
 * busy machine this takes longer than a push may take, so that others are lost meanwhile, until clients ask again.
 */
async function isPushedTo(sockets: readonly TestSocket[], tenant: Tenant): Promise<boolean> {
  const { body } = await submit('csv-import', INPUT, undefined, { as: tenant });
  const isOutcome = (sent: Sent) => isAbout(body.jobId)(sent) && sent.type === 'job.succeeded';
  const heard = () => sockets.every(({ messages }) => messages.some(isOutcome));
  return eventually('the outcome', async () => heard(), 10).catch(() => false);
}

describe('many connections of a tenant', () => {
  it('get every change in order, and delay nobody else', async () => {
    const tenant = await ownTenant('push');
    const many = await openMany(open, tenant);
    const single = await open(other);
    const jobId = randomUUID();
    single.say({ action: 'subscribe', job: { type: 'csv-import', jobId } });
    await single.hear('that the job is not known', ({ status }) => status === 404);
    await eventually('a push to all of them', () => isPushedTo(many, tenant));
    const [mine] = await Promise.all([
      submit('csv-import', INPUT, undefined, { as: tenant }),
      submit('csv-import', INPUT, jobId, { as: other }),
    ]);
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
