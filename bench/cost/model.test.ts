import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { consumerMs, jobsPerBatch, type Load, tracedShare } from './model.ts';

const BURST: Load = { name: 'burst', jobsPerSecond: 100 };
const TRICKLE: Load = { name: 'trickle', jobsPerSecond: 0.4 };
const SETTINGS = { memoryMb: 512, traces: true, platformLines: false };
const READER = { ...SETTINGS, name: 'streams-on-job-changed', batchSize: 100, windowSeconds: 5, batchesPerShard: 2 };

describe('the share of requests that are traced', () => {
  it('traces every request of a quiet stage by X-Ray’s default rule, and few of a busy one', () => {
    const rule = { perSecond: 1, share: 0.05 };
    expect(tracedShare(rule, 0.4)).toBe(1);
    // one, and a twentieth of the other 99
    expect(tracedShare(rule, 100)).toBeCloseTo(0.0595, 10);
  });

  it('traces the same share of requests at every load by a rule without a reservoir', () => {
    expect(tracedShare({ perSecond: 0, share: 0.01 }, 0.4)).toBeCloseTo(0.01, 10);
    expect(tracedShare({ perSecond: 0, share: 0.01 }, 100)).toBeCloseTo(0.01, 10);
  });
});

describe('the batches of a stream reader', () => {
  it('holds the first job and those that come in the window of a batch', () => {
    // 0.4 jobs a second on eight batches: 0.05 a second for five seconds
    expect(jobsPerBatch(READER, TRICKLE, 2)).toBeCloseTo(1.25, 10);
  });

  it('holds what comes in a quarter of a second if there is no window, because Lambda asks only so often', () => {
    // 100 jobs a second on eight batches
    expect(jobsPerBatch({ ...READER, windowSeconds: 0 }, BURST, 2)).toBeCloseTo(1 + 12.5 / 4, 10);
  });

  it('holds no more changes than a batch takes', () => {
    expect(jobsPerBatch(READER, BURST, 2)).toBe(50);
  });
});

describe('the time of a consumer', () => {
  it('waits for each job of a batch that runs one by one, and once for jobs that run together', () => {
    const cpu = (batchesPerJob: number, cpuMs: number) => (cpuMs + 3 * batchesPerJob) * (1769 / 512);
    expect(consumerMs(csvImport, SETTINGS, 0.2)).toBeCloseTo(cpu(0.2, 8) + 10, 6);
    expect(consumerMs(webhookDelivery, SETTINGS, 0.2)).toBeCloseTo(cpu(0.2, 12) + 0.2 * 110, 6);
  });
});
