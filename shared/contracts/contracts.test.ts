import fc from 'fast-check';
import * as z from 'zod/mini';
import { loadJobTypes } from '../packaging/job-types.ts';
import { sampleType } from '../testing/workbench.ts';
import { ContractError, ORDER_KEY } from './job-type.ts';
import { JOB_RETENTION_SECONDS, LANE_RETENTION_SECONDS, laneName, laneOf, MAX_RETURNS } from './lane.ts';
import { ATTRIBUTES, MOST_ATTRIBUTES } from './submit.ts';

const anyKey = z.strictObject({ key: z.string(), n: z.number() });
const optionalKey = z.strictObject({ key: z._default(z.string().check(z.regex(ORDER_KEY)), 'k'), n: z.number() });

describe('a contract', () => {
  it.each([
    [{ name: 'No Spaces' }, 'name'],
    [{ name: 'x'.repeat(41) }, 'name'],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
    [{ timeoutSeconds: 841, batchSize: 1 }, 'timeoutSeconds'],
    [{ run: 'express' as const, timeoutSeconds: 3, batchSize: 1 }, 'timeoutSeconds'],
    [{ run: 'express' as const, timeoutSeconds: 304, batchSize: 1 }, 'timeoutSeconds'],
    [{ maxAttempts: 0 }, 'maxAttempts'],
    [{ maxConcurrency: 1 }, 'maxConcurrency'],
    [{ batchSize: 11 }, 'batchSize'],
    [{ timeoutSeconds: 100, batchSize: 10 }, 'batchSize × timeoutSeconds'],
    [{ batchRuns: 'together' as const, maxAttempts: 1 }, 'together'],
    [{ batchRuns: 'together' as const, timeoutSeconds: 421 }, '2 × timeoutSeconds'],
    [{ example: { input: { key: 1 as unknown as string, n: 1 }, result: { n: 1 } } }, 'example.input'],
    [{ run: 'inlne' as never }, 'run must be "inline" or "express", not "inlne"'],
    [{ lane: { kind: 'fifo' as never } }, 'lane.kind'],
    [{ lane: undefined as never }, 'lane.kind must be "standard" or "ordered", not undefined'],
    [{ batchRuns: undefined as never }, 'batchRuns'],
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
  ])('is refused with the field named when it cannot work: %j', (changes, named) => {
    expect(() => sampleType(changes)).toThrow(ContractError);
    expect(() => sampleType(changes)).toThrow(named);
  });
});

describe('a lane', () => {
  it('nests its timeouts: job < lease ≤ visibility, whenever the job is claimed', () => {
    const limits = fc.record({
      timeoutSeconds: fc.integer({ min: 1, max: 84 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(limits, fc.constantFrom('one-by-one' as const, 'together' as const), (sizes, batchRuns) => {
        const lane = laneOf(sampleType({ ...sizes, batchRuns }));
        const latestClaim = lane.functionTimeoutSeconds - sizes.timeoutSeconds;
        expect(lane.leaseSeconds).toBeGreaterThan(sizes.timeoutSeconds);
        expect(latestClaim + lane.leaseSeconds).toBeLessThanOrEqual(lane.visibilityTimeoutSeconds);
        expect(lane.functionTimeoutSeconds).toBeLessThanOrEqual(900);
      }),
    );
  });

  it('receives more often than it attempts', () => {
    expect(laneOf(sampleType({ maxAttempts: 5 })).maxReceiveCount).toBe(20);
    expect(laneOf(sampleType({ lane: { kind: 'ordered', orderKey: 'key' } })).maxReceiveCount).toBe(1000);
  });

  it('is outlived by its jobs’ rows, however often a message returns', () => {
    expect(JOB_RETENTION_SECONDS).toBeGreaterThan(LANE_RETENTION_SECONDS * (1 + MAX_RETURNS));
  });

  it('has a queue name that SQS takes, on any stage of up to 20 characters', () => {
    for (const jobType of loadJobTypes()) expect(laneName(jobType, 's'.repeat(20)).length).toBeLessThanOrEqual(80);
  });
});

it('a message has at most as many attributes as SQS takes', () => {
  expect(Object.keys(ATTRIBUTES).length).toBeLessThanOrEqual(MOST_ATTRIBUTES);
});
