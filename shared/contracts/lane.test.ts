import fc from 'fast-check';
import { loadJobTypes } from '../packaging/job-types.ts';
import { sampleType } from '../testing/workbench.ts';
import { deadLetterName, JOB_RETENTION_SECONDS, LONGEST_LANE_SECONDS, laneBehind, laneName, laneOf } from './lane.ts';

/** The time for settling (lane.ts), which is also how much earlier the function must start. */
const SETTLE_MARGIN_SECONDS = 5;

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
