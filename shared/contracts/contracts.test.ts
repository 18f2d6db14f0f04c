import fc from 'fast-check';
import * as zod from 'zod';
import * as z from 'zod/mini';
import { loadJobTypes } from '../packaging/job-types.ts';
import { sampleType } from '../testing/workbench.ts';
import { outcomeOf } from './events/event-types.ts';
import { OUTCOMES, STATUSES } from './job.ts';
import { ContractError, defineJobType, fit, ORDER_KEY } from './job-type.ts';
import { deadLetterName, JOB_RETENTION_SECONDS, LONGEST_LANE_SECONDS, laneBehind, laneName, laneOf } from './lane.ts';
import { RUN_KINDS, type RunKindName } from './run-kinds.ts';
import { ATTRIBUTES, MOST_ATTRIBUTES } from './submit-attributes.ts';

/** The time for settling (lane.ts), which is also how much earlier the function must start. */
const SETTLE_MARGIN_SECONDS = 5;
const anyKey = z.strictObject({ key: z.string(), n: z.number() });
const optionalKey = z.strictObject({ key: z._default(z.string().check(z.regex(ORDER_KEY)), 'k'), n: z.number() });

describe('a contract', () => {
  it.each([
    [{ name: 'No Spaces' }, 'name'],
    [{ name: 'x'.repeat(41) }, 'name'],
    [{ name: 'mail-dlq' }, 'must not end in -dlq'],
    [{ name: 'mail-lost-ends' }, 'must not end in -dlq or -lost-ends'],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
    [{ timeoutSeconds: 841, batchSize: 1 }, 'timeoutSeconds'],
    [{ run: 'express' as const, timeoutSeconds: 3, batchSize: 1 }, 'timeoutSeconds'],
    [{ run: 'express' as const, timeoutSeconds: 304, batchSize: 1 }, 'timeoutSeconds'],
    [{ run: 'durable' as const, maxAttempts: 1, timeoutSeconds: 59 }, 'timeoutSeconds'],
    [{ run: 'durable' as const, maxAttempts: 1, timeoutSeconds: 2_592_001 }, 'timeoutSeconds'],
    [{ run: 'durable' as const, maxAttempts: 2, timeoutSeconds: 60 }, 'maxAttempts must be a whole number from 1 to 1'],
    [
      {
        run: 'durable' as const,
        maxAttempts: 1,
        timeoutSeconds: 60,
        lane: { kind: 'ordered' as const, orderKey: 'key' as const },
      },
      'needs lane: { kind: "standard" }',
    ],
    [{ awaitsDecision: true }, 'awaitsDecision needs run: "durable"'],
    [{ maxAttempts: 0 }, 'maxAttempts'],
    [{ maxConcurrency: 1 }, 'maxConcurrency'],
    [{ batchSize: 11 }, 'batchSize'],
    [{ timeoutSeconds: 100, batchSize: 10 }, 'batchSize × timeoutSeconds'],
    [{ batchRuns: 'together' as const, maxAttempts: 1 }, 'together'],
    [{ batchRuns: 'together' as const, timeoutSeconds: 421 }, '2 × timeoutSeconds'],
    [{ example: { input: { key: 1 as unknown as string, n: 1 }, result: { n: 1 } } }, 'example.input.key does not fit'],
    [{ maxAttempt: 3 } as never, 'optional ones are lane, run, awaitsDecision'],
    [{ run: 'inlne' as never }, 'not "inlne"'],
    [{ lane: { kind: 'fifo' as never } }, 'lane.kind'],
    [{ lane: { kind: 'standard', onFailure: 'stop' } as never }, 'lane.onFailure needs lane.kind "ordered"'],
    [{ lane: { kind: 'ordered', orderKey: 'key', onFailure: 'halt' } as never }, 'lane.onFailure'],
    [{ batchRuns: 'all' as never }, 'batchRuns'],
    [{ events: 'none' as never }, 'events'],
    [{ example: undefined as never }, 'example.input'],
    [{ result: undefined as never }, 'result must be a schema'],
    [{ lane: { kind: 'ordered' as const, orderKey: 'account' as never } }, 'orderKey "account"'],
    [{ lane: { kind: 'ordered' as const, orderKey: 'key' as const }, input: anyKey }, 'orderKey "key"'],
    [{ lane: { kind: 'ordered' as const, orderKey: 'key' as const }, input: optionalKey }, 'orderKey "key"'],
    [
      {
        lane: { kind: 'ordered' as const, orderKey: 'n' as const },
        example: { input: { key: 'k', n: 1.5 }, result: { n: 1 } },
      },
      'orderKey',
    ],
  ])('refuses a contract that cannot work and names the field: %j', (changes, named) => {
    expect(() => sampleType(changes)).toThrow(ContractError);
    expect(() => sampleType(changes)).toThrow(named);
  });
});

describe('the defaults of a contract', () => {
  const sixFields = {
    name: 'sample',
    service: 'processing',
    summary: 'For tests.',
    input: z.strictObject({ n: z.number() }),
    result: z.strictObject({ n: z.number() }),
    example: { input: { n: 1 }, result: { n: 1 } },
  };

  it('makes a job type of six fields that runs inline on a standard lane', () => {
    expect(defineJobType(sixFields)).toEqual({
      ...sixFields,
      lane: { kind: 'standard' },
      searchKeys: [],
      uploads: [],
      run: 'inline',
      awaitsDecision: false,
      timeoutSeconds: 30,
      maxAttempts: 5,
      maxConcurrency: 10,
      batchSize: 5,
      batchRuns: 'one-by-one',
      retired: false,
      submittedBy: 'clients',
      description: '',
      events: 'outcomes',
    });
  });

  it('runs the workflows of a batch together by default, with more time for each', () => {
    expect(defineJobType({ ...sixFields, run: 'express' })).toMatchObject({
      timeoutSeconds: 60,
      batchRuns: 'together',
    });
  });

  it('gives a durable job a week and one attempt by default, and its consumer only the time to start it', () => {
    const jobType = defineJobType({ ...sixFields, run: 'durable' });
    expect(jobType).toMatchObject({ timeoutSeconds: 7 * 86_400, maxAttempts: 1, batchSize: 5 });
    const { functionTimeoutSeconds, leaseSeconds } = laneOf(jobType);
    expect(functionTimeoutSeconds).toBeLessThan(120);
    expect(leaseSeconds).toBeLessThan(60);
  });

  it('has default batch sizes that fit any timeout and number of attempts of every kind of run', () => {
    const kinds = fc.constantFrom(...(Object.keys(RUN_KINDS) as RunKindName[]));
    fc.assert(
      fc.property(
        kinds,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 25 }),
        (run, share, attempts) => {
          const { shortest, longest } = RUN_KINDS[run].timeoutSeconds;
          const maxAttempts = Math.min(attempts, RUN_KINDS[run].maxAttempts.most);
          const timeoutSeconds = Math.round(shortest + share * (longest - shortest));
          expect(defineJobType({ ...sixFields, run, timeoutSeconds, maxAttempts }).batchSize).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('uses the batch size and batch mode of a contract instead of the defaults', () => {
    expect(defineJobType({ ...sixFields, batchSize: 10, batchRuns: 'together' })).toMatchObject({
      batchSize: 10,
      batchRuns: 'together',
    });
  });
});

it('accepts schemas of zod as well as of zod/mini in a contract', () => {
  const jobType = defineJobType({
    name: 'greet',
    service: 'processing',
    summary: 'For tests.',
    input: zod.strictObject({ name: zod.string().regex(ORDER_KEY), times: zod.number().int().default(1) }),
    result: zod.object({ greeting: zod.string() }),
    example: { input: { name: 'Ada', times: 1 }, result: { greeting: 'Hello, Ada' } },
    lane: { kind: 'ordered', orderKey: 'name' },
  });
  expect(fit(jobType.input, { name: 'Ada' }).data).toEqual({ name: 'Ada', times: 1 });
  expect(fit(jobType.input, { name: 'Ada', age: 36 }).error?.issues[0]?.message).toContain('age');
  expect(z.toJSONSchema(jobType.input, { io: 'input' })).toMatchObject({ required: ['name'] });
});

describe('a lane', () => {
  it('nests the timeouts of a lane: job < lease < visibility, even if the function starts almost its timeout late', () => {
    const limits = fc.record({
      timeoutSeconds: fc.integer({ min: 1, max: 84 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(limits, fc.constantFrom('one-by-one' as const, 'together' as const), (sizes, batchRuns) => {
        const lane = laneOf(sampleType({ ...sizes, batchRuns }));
        const latestClaim = lane.functionTimeoutSeconds - sizes.timeoutSeconds;
        expect(lane.leaseSeconds).toBeGreaterThan(sizes.timeoutSeconds);
        const latestStart = lane.functionTimeoutSeconds - SETTLE_MARGIN_SECONDS;
        expect(latestStart + latestClaim + lane.leaseSeconds).toBeLessThanOrEqual(lane.visibilityTimeoutSeconds);
        expect(lane.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(2 * lane.functionTimeoutSeconds);
        expect(lane.functionTimeoutSeconds).toBeLessThanOrEqual(900);
      }),
    );
  });

  it('keeps a message in its lane through an outage of its consumer of at least six hours', () => {
    for (const jobType of [...loadJobTypes(), sampleType({ timeoutSeconds: 1, batchSize: 1 })]) {
      const { maxReceiveCount, visibilityTimeoutSeconds } = laneOf(jobType);
      expect((maxReceiveCount * visibilityTimeoutSeconds) / 3600).toBeGreaterThan(6);
    }
  });

  it('gives up on a message at least two days before SQS deletes it, however long its visibility timeout is', () => {
    for (const jobType of [...loadJobTypes(), sampleType({ timeoutSeconds: 840, batchSize: 1 })]) {
      const { maxReceiveCount, visibilityTimeoutSeconds, retentionSeconds } = laneOf(jobType);
      expect(maxReceiveCount).toBeLessThanOrEqual(1000);
      expect((retentionSeconds - maxReceiveCount * visibilityTimeoutSeconds) / 86_400).toBeGreaterThanOrEqual(2);
    }
  });

  it('keeps the row of a job longer than any of its messages, which may return until day 13', () => {
    const days = (seconds: number) => seconds / 86_400;
    // the last return, 14 days in the lane, and 14 days in a FIFO dead-letter queue
    expect(days(JOB_RETENTION_SECONDS)).toBeGreaterThan(13 + 14 + 14);
    expect(days(LONGEST_LANE_SECONDS)).toBe(13 + 14);
  });

  it.each([sampleType(), sampleType({ lane: { kind: 'ordered', orderKey: 'key' } })])(
    'finds the lane of a dead-letter queue: %j',
    (jobType) => {
      const found = laneBehind(deadLetterName(jobType, 'dev'), 'dev');
      expect(found).toEqual({ type: jobType.name, laneName: laneName(jobType, 'dev') });
    },
  );

  it('gives every lane a queue name that SQS accepts, on any stage of up to 20 characters', () => {
    for (const jobType of loadJobTypes()) expect(laneName(jobType, 's'.repeat(20)).length).toBeLessThanOrEqual(80);
  });
});

it('gives no result a z.record, which drops a field named __proto__', () => {
  const results = loadJobTypes().map(({ name, result }) => [name, JSON.stringify(z.toJSONSchema(result))]);
  expect(results.filter(([, schema]) => schema?.includes('propertyNames'))).toEqual([]);
});

it('gives a message no more attributes than SQS accepts', () => {
  expect(Object.keys(ATTRIBUTES).length).toBeLessThanOrEqual(MOST_ATTRIBUTES);
});

it('gives every outcome of a job its own event and its own metric', () => {
  expect(OUTCOMES).toEqual(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED']);
  expect(OUTCOMES.map((outcome) => outcomeOf(STATUSES[outcome].event))).toEqual(OUTCOMES);
  expect(new Set(OUTCOMES.map((outcome) => STATUSES[outcome].metric)).size).toBe(OUTCOMES.length);
  expect(outcomeOf('job.progressed')).toBeUndefined();
});
