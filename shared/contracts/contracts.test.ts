import fc from 'fast-check';
import * as zod from 'zod';
import * as z from 'zod/mini';
import { loadJobTypes } from '../packaging/job-types.ts';
import { sampleType } from '../testing/workbench.ts';
import { outcomeOf } from './events/event-types.ts';
import { OUTCOMES, STATUSES } from './job.ts';
import { ContractError, defineJobType, fit, ORDER_KEY } from './job-type.ts';
import { laneOf } from './lane.ts';
import { RUN_KINDS, type RunKindName } from './run-kinds.ts';
import { ATTRIBUTES, MOST_ATTRIBUTES } from './submit-attributes.ts';

const anyKey = z.strictObject({ key: z.string(), n: z.number() });
const optionalKey = z.strictObject({ key: z._default(z.string().check(z.regex(ORDER_KEY)), 'k'), n: z.number() });

describe('a contract', () => {
  it.each([
    [{ name: 'No Spaces' }, 'name'],
    [{ name: 'x'.repeat(41) }, 'name'],
    ...['mail-dlq', 'mail-lost-ends', 'push', 'due', 'events-undelivered'].map((name): [object, string] => [
      { name },
      'is taken by another queue',
    ]),
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
