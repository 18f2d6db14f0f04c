import { randomUUID } from 'node:crypto';
import { dynamo, output } from '@spillway/e2e/deployed.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { jobWaits } from '@spillway/shared/job-store/waits.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { sampleMessage, submissionIn } from '@spillway/shared/testing/workbench.ts';

const table = output('processing', 'JobsTableName');
const store = jobWrites(dynamo, table);
const waits = jobWaits(dynamo, table);
const reads = jobReads(dynamo, table);

const NOW = new Date('2026-11-27T00:00:00.000Z');
/** So late that the tick finds it. */
const LATER = new Date(NOW.getTime() + 3_600_000);
const approve = { decision: 'approve', comment: 'Good to go.' } as const;
const approved = { ...approve, at: NOW.toISOString() };

/** A job whose workflow was started, and the calls of its steps and of the people who decide. */
async function started() {
  const job = { ...submissionIn(sampleMessage({ id: `decision-${randomUUID()}` })), attempt: 1 };
  const leaseUntil = new Date(NOW.getTime() + 1000);
  const options = { now: NOW, leaseUntil, maxAttempts: 1, evenIfVanished: false, evenIfNew: true, resumes: true };
  expect(await store.claim(job, options)).toMatchObject({ kind: 'claimed', attempt: 1 });
  expect(await store.handOver(job, { at: LATER, now: NOW })).toMatchObject({ soon: undefined });
  const until = new Date(NOW.getTime() + 60_000);
  return {
    ask: (token: string, { reminds = false, name = 'approval', attempt = 1 } = {}) =>
      waits.ask({ ...job, attempt }, { name, question: 'Publish?', until }, { token, reminds, now: NOW }),
    decide: () => waits.decide(job, approve, { now: NOW, lookAt: LATER }),
    close: (name = 'approval') => waits.close(job, name),
    settle: () => store.settle(job, { outcome: 'SUCCEEDED', result: { json: '{}' }, now: NOW }),
    claim: () => store.claim(job, options),
    row: async () => (await reads.get(job)) ?? fail(),
  };
}

const fail = (): never => {
  throw new Error('the job has no row');
};

describe('a question in a job’s row', () => {
  it('is answered once, with the token that lets the workflow go on', async () => {
    const { ask, decide, row } = await started();
    expect(await ask('token-1')).toBe('waiting');
    expect(await row()).toMatchObject({ status: 'WAITING', waitingFor: { question: 'Publish?' } });
    expect(await decide()).toEqual({ kind: 'decided', token: 'token-1', decision: approved, soon: undefined });
    expect(await decide()).toEqual({ kind: 'not-waiting', status: 'RUNNING', decision: approved });
    expect(await row()).not.toHaveProperty('waitingFor');
  });

  it('reminds once, by one new revision, however often the step that reminds is repeated', async () => {
    const { ask, row } = await started();
    await ask('token-1');
    const { revision } = await row();
    for (const token of ['token-2', 'token-3']) expect(await ask(token, { reminds: true })).toBe('waiting');
    expect(await row()).toMatchObject({ revision: revision + 1, waitingFor: { remindedAt: NOW.toISOString() } });
  });

  it('has its answer when it is asked again, if the answer came after the first token had expired', async () => {
    const { ask, decide, close } = await started();
    await ask('token-1');
    await decide();
    expect(await ask('token-2', { reminds: true })).toBe('decided');
    expect(await close()).toEqual(approved);
  });

  it('counts an answer that comes before its end, and refuses one that comes after it, however close they are', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { ask, decide, close } = await started();
      await ask('token-1');
      const [answer, end] = await Promise.all(round % 2 ? [decide(), close()] : [close(), decide()].reverse());
      const counted = (answer as { kind: string }).kind === 'decided';
      expect(end).toEqual(counted ? approved : 'none');
      // the step that ends it is repeated
      expect(await close()).toEqual(end);
    }
  });

  it('makes room for the next question of the workflow, which has no answer yet', async () => {
    const { ask, decide, close, row } = await started();
    await ask('token-1');
    await decide();
    expect(await ask('token-2', { name: 'second' })).toBe('waiting');
    expect(await row()).toMatchObject({ status: 'WAITING', question: { name: 'second', token: 'token-2' } });
    expect(await close('second')).toBe('none');
  });

  it('leaves its answer in the row of the settled job, for whoever sends it again', async () => {
    const { ask, decide, settle, row } = await started();
    await ask('token-1');
    await decide();
    expect(await settle()).toBe(true);
    expect(await row()).not.toHaveProperty('question');
    expect(await decide()).toEqual({ kind: 'not-waiting', status: 'SUCCEEDED', decision: approved });
  });

  it('cannot be asked by an earlier attempt, or after the job was settled', async () => {
    const { ask, settle, decide, close } = await started();
    expect(await ask('token-0', { attempt: 0 })).toBe('over');
    await ask('token-1');
    expect(await settle()).toBe(true);
    expect(await ask('token-2')).toBe('over');
    expect(await close()).toBe('over');
    expect(await decide()).toMatchObject({ kind: 'not-waiting', status: 'SUCCEEDED' });
  });

  it('gives a consumer that finds the job its answer, in case the workflow missed it', async () => {
    const { ask, decide, claim } = await started();
    await ask('token-1');
    expect(await claim()).toMatchObject({ kind: 'started', attempt: 1 });
    await decide();
    const untold = { kind: 'decided', token: 'token-1', decision: approved };
    expect(await claim()).toMatchObject({ kind: 'started', attempt: 1, state: { untold } });
  });
});

it('nobody can decide about a job that does not exist', async () => {
  const nobody = { tenant: 'tenant-1', type: 'sample', id: `nobody-${randomUUID()}` };
  expect(await waits.decide(nobody, approve, { now: NOW, lookAt: LATER })).toEqual({ kind: 'unknown' });
});
