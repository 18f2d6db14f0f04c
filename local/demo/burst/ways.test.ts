import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { countWays, mixedWay } from './ways.ts';

const ofForty = (jobType: { name: string }) =>
  countWays(Array.from({ length: 40 }, (_, k) => ({ way: mixedWay(jobType, k) })));

describe('the mix of a burst', () => {
  it('sends jobs of every type alone, in batches and for later, and cancels some', () => {
    expect(ofForty(csvImport)).toEqual({ single: 26, batch: 10, delayed: 2, cancelled: 2 });
  });

  it('replays webhooks only, because they alone fail on request', () => {
    expect(ofForty(webhookDelivery)).toEqual({ single: 24, batch: 10, delayed: 2, cancelled: 2, replayed: 2 });
  });
});
