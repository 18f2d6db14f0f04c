import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamo, output } from '@spillway/e2e/deployed.ts';
import type { ClaimOptions } from '@spillway/shared/attempt/claim.ts';
import type { JobStore } from '@spillway/shared/attempt/ports.ts';
import { inlineJson, storedResult } from '@spillway/shared/attempt/result.ts';
import type { Submission } from '@spillway/shared/attempt/submission.ts';
import { isAllowed, UNSEEN } from '@spillway/shared/contracts/transitions.ts';
import { type CancelAnswer, jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { type FailureFilter, failureReads } from '@spillway/shared/job-store/failures.ts';
import { writeUnits } from '@spillway/shared/job-store/item-size.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { memoryTable } from '@spillway/shared/testing/memory-table.ts';
import { modelStore } from '@spillway/shared/testing/model-store.ts';
import fc from 'fast-check';

const table = output('processing', 'JobsTableName');
const MAX_ATTEMPTS = 3;
const LEASE_MS = 10_000;
const start = Date.parse('2026-11-25T12:00:00Z');
const error = { code: 'DOWN', message: 'downstream is down' };

const newJob = (): Submission => ({
  tenant: 'writes-test',
  type: 'csv-import',
  id: randomUUID(),
  acceptedAt: new Date(start),
  traceId: '0'.repeat(32),
  options: {},
  bodyDigest: 'a-body',
});

/** A write that a consumer may make, at a time that never decreases. */
type Step = (store: JobStore, job: Submission, now: Date, cancel: Cancel) => Promise<unknown>;
type Cancel = (job: Submission, now: Date, unseen: boolean) => Promise<CancelAnswer['kind']>;
const steps: Record<string, (attempt: number) => Step> = {
  claim: () => (store, job, now) => claim(store, job, now),
  'claim with another body': () => (store, job, now) => claim(store, { ...job, bodyDigest: 'other' }, now, ALONE),
  conflict: (attempt) => (store, job, now) =>
    store.recordConflict({ ...job, bodyDigest: 'other' }, { messageId: String(attempt), now }),
  'claim a replay': () => (store, job, now) => claim(store, { ...job, replay: { generation: 2, at: now } }, now),
  'claim another replay': () => (store, job, now) =>
    claim(store, { ...job, replay: { generation: 3, at: now } }, now, ALONE),
  'settle as cancelled': (attempt) => (store, job, now) =>
    store.settle({ ...job, attempt }, { outcome: 'CANCELLED', now }),
  cancel: () => (_, job, now, cancel) => cancel(job, now, false),
  'cancel unseen': () => (_, job, now, cancel) => cancel(job, now, true),
  'look whether to stop': () => (store, job) => store.isCancelRequested(job),
  'claim a replay that was not attempted': () => (store, job, now) =>
    claim(store, { ...job, replay: { generation: 2, at: now } }, now, { evenIfNew: false }),
  'claim what may have vanished': () => (store, job, now) => claim(store, job, now, ALONE),
  'claim what was attempted before': () => (store, job, now) => claim(store, job, now, { evenIfNew: false }),
  succeed: (attempt) => (store, job, now) =>
    store.settle({ ...job, attempt }, { outcome: 'SUCCEEDED', result: { json: String(attempt) }, now }),
  fail: (attempt) => (store, job, now) =>
    store.settle({ ...job, attempt }, { outcome: 'FAILED', error, archiveKey: 'key', now }),
  'hand over': (attempt) => (store, job, now) =>
    store.handOver({ ...job, attempt }, { at: new Date(now.getTime() + 3_600_000), now }),
  'take up again': () => (store, job, now) => claim(store, job, now, { resumes: true }),
  release: (attempt) => (store, job, now) => store.release({ ...job, attempt }, { error, now }),
  refuse: () => (store, job, now) => store.refuse(job, { outcome: 'FAILED', error, archiveKey: 'key', now }),
};

const ALONE = { evenIfVanished: true };

function claim(store: JobStore, job: Submission, now: Date, how: Partial<ClaimOptions> = {}) {
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const options = {
    now,
    leaseUntil,
    maxAttempts: MAX_ATTEMPTS,
    evenIfVanished: false,
    evenIfNew: true,
    resumes: false,
  };
  return store.claim(job, { ...options, ...how });
}

const plan = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(steps)),
    attempt: fc.integer({ min: 1, max: MAX_ATTEMPTS + 2 }),
    afterMs: fc.constantFrom(0, 1, LEASE_MS, LEASE_MS + 1),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('the jobs table', () => {
  it('answers all writes of attempts to the jobs table as the table in memory and the model store do', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const [{ store: model, cancel: cancelModel }, job] = [modelStore(), newJob()];
        const memory = memoryTable().client;
        const cancelIn =
          (client: DynamoDBDocumentClient): Cancel =>
          async (each, now, unseen) => {
            const lookAt = new Date(now.getTime() + 3_600_000);
            return (await jobCancels(client, table).cancel(each, { now, lookAt }, unseen ? each : undefined)).kind;
          };
        const stores: [JobStore, Cancel][] = [
          [jobWrites(dynamo, table), cancelIn(dynamo)],
          [jobWrites(memory, table), cancelIn(memory)],
          [model, cancelModel],
        ];
        let nowMs = start;
        for (const { name, attempt, afterMs } of planned) {
          nowMs += afterMs;
          const step = steps[name]?.(attempt);
          const answers: unknown[] = [];
          for (const [store, cancel] of stores) answers.push(await step?.(store, job, new Date(nowMs), cancel));
          const [real] = answers;
          expect([name, ...answers]).toEqual([name, real, real, real]);
        }
        const entered = (await jobReads(dynamo, table).get(job))?.history.map(({ status }) => status) ?? [];
        for (const [index, status] of entered.entries()) {
          expect([entered[index - 1], status, isAllowed(entered[index - 1] ?? UNSEEN, status)]).toContain(true);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('keeps the row of a csv-import job within one write unit, with a result of 2 KB of JSON and the longest usual ids', async () => {
    const job = { ...newJob(), tenant: 'a'.repeat(26) };
    const store = jobWrites(dynamo, table);
    const reads = jobReads(dynamo, table);
    const now = new Date(start);
    await claim(store, job, now);
    const claimed = await reads.get(job);
    expect(writeUnits(claimed ?? {})).toBe(1);
    // as long as the result of a file of 1 KB, whose row took 2,568 bytes when the result was stored as text
    const rows = Array.from({ length: 33 }, (_, n) => ({
      sku: `A-${1000 + n}`,
      quantity: n * 7,
      restocked: `2026-03-${10 + (n % 20)}`,
    }));
    const result = {
      accepted: 33,
      rejected: 3,
      rows,
      rejections: [4, 9, 20].map((line) => ({ line, reasons: ['quantity: "many" is not an integer'] })),
    };
    expect(JSON.stringify(result).length).toBeGreaterThan(1971);
    const stored = await storedResult(result, { ...job, attempt: 1 }, { keepResult: async () => 'key' });
    await store.settle({ ...job, attempt: 1 }, { outcome: 'SUCCEEDED', result: stored, now });
    const settled = await reads.get(job);
    expect(settled && writeUnits(settled)).toBe(1);
    expect(settled?.result && !('key' in settled.result) && JSON.parse(inlineJson(settled.result))).toEqual(result);
  });

  it('finds failed jobs by their own index, and all jobs by the other', async () => {
    const tenant = `list-${randomUUID()}`;
    const store = jobWrites(dynamo, table);
    const jobs = Array.from({ length: 9 }, (_, n) => ({ ...newJob(), tenant, acceptedAt: new Date(start + n) }));
    const now = new Date(start + 1000);
    for (const [n, job] of jobs.entries()) {
      if (n === 4) await store.refuse(job, { outcome: 'FAILED', error, archiveKey: 'key', now });
      else await claim(store, job, now);
      if (n === 7) await store.settle({ ...job, attempt: 1 }, { outcome: 'FAILED', error, archiveKey: 'key', now });
    }
    const { list } = jobReads(dynamo, table);
    const query = { tenant, type: 'csv-import', limit: 5 };
    const ids = (rows: { jobId: string }[]) => rows.map(({ jobId }) => jobs.findIndex(({ id }) => id === jobId));
    const first = await list(query);
    expect(ids(first.rows)).toEqual([8, 7, 6, 5, 4]);
    expect(ids((await list({ ...query, cursor: first.cursor })).rows)).toEqual([3, 2, 1, 0]);
    const failed = await list({ ...query, status: 'FAILED' });
    expect([ids(failed.rows), failed.cursor]).toEqual([[7, 4], undefined]);
    expect(ids((await list({ ...query, status: 'RUNNING' })).rows)).toEqual([8, 6, 5, 3, 2]);
  });

  it('finds the failures of all tenants by their own index: failed jobs and parked messages, and no others', async () => {
    const type = `type-${randomUUID()}`;
    const store = jobWrites(dynamo, table);
    const now = (n: number) => new Date(start + n);
    const jobs = ['t-1', 't-2', 't-1', 't-2'].map((tenant) => ({ ...newJob(), tenant, type }));
    const [failed, succeeded, refused, parked] = jobs as [Submission, Submission, Submission, Submission];
    for (const job of [failed, succeeded]) await claim(store, job, now(0));
    await store.settle({ ...failed, attempt: 1 }, { outcome: 'FAILED', error, archiveKey: 'key', now: now(1) });
    await store.settle({ ...succeeded, attempt: 1 }, { outcome: 'SUCCEEDED', result: { json: '1' }, now: now(2) });
    await store.refuse(refused, { outcome: 'FAILED', error, archiveKey: 'key', now: now(3) });
    for (const at of [4, 5]) {
      await store.recordParked({ job: parked, reason: 'never attempted', archiveKey: 'parked/x', now: now(at) });
    }
    const { list, count, rowsOf } = failureReads(dynamo, table);
    const found = async (filter: FailureFilter) =>
      (await list(type, filter, { limit: 10 })).rows.map(({ jobId }) => jobs.findIndex(({ id }) => id === jobId));
    expect(await found({})).toEqual([3, 2, 0]);
    expect(await found({ tenant: 't-1' })).toEqual([2, 0]);
    expect(await found({ code: 'PARKED' })).toEqual([3]);
    expect(await found({ from: now(1), to: now(5) })).toEqual([2, 0]);
    expect(await count([type], { replayed: false }, () => false)).toEqual({ matched: 3, complete: true });
    // those of other types come between them: other tests write failures at the same time
    const among = await list(undefined, { tenant: 't-1', from: now(1), to: now(4) }, { limit: 100 });
    expect(among.rows.filter((row) => row.type === type).map(({ failedAt }) => failedAt)).toEqual(
      [now(3), now(1)].map((at) => at.toISOString()),
    );
    const { tenant, type: _, id: jobId } = parked;
    expect((await list(type, {}, { limit: 1 })).rows).toEqual([
      { tenant, type, jobId, code: 'PARKED', message: 'never attempted', failedAt: now(5).toISOString() },
    ]);
    expect(await rowsOf(parked)).toMatchObject({ row: undefined, parked: { archiveKey: 'parked/x' } });
  });

  it('recognises its own writes to the jobs table when the SDK repeats a call whose response was lost', async () => {
    const twice = { send: (command: never) => dynamo.send(command).then(() => dynamo.send(command)) };
    const store = jobWrites(twice as unknown as DynamoDBDocumentClient, table);
    const job = newJob();
    const now = new Date(start);
    expect(await claim(store, job, now)).toEqual({
      kind: 'claimed',
      attempt: 1,
      attemptsBefore: 0,
      acceptedAt: job.acceptedAt,
    });
    expect(await store.release({ ...job, attempt: 1 }, { error, now })).toBe(true);
    expect(await claim(store, job, now)).toEqual({
      kind: 'claimed',
      attempt: 2,
      attemptsBefore: 0,
      acceptedAt: job.acceptedAt,
    });
    const settlement = { outcome: 'SUCCEEDED', result: { json: '2' }, now } as const;
    expect(await store.settle({ ...job, attempt: 2 }, settlement)).toBe(true);
    const row = await jobReads(dynamo, table).get(job);
    expect(row).toMatchObject({ status: 'SUCCEEDED', attempt: 2, revision: 4 });
    expect(row?.history).toHaveLength(4);
  });
});
