import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { countMissed, countWays, countWaysIn, mixedWay } from './ways.ts';

const ofForty = (jobType: { name: string }) =>
  countWays(Array.from({ length: 40 }, (_, k) => ({ way: mixedWay(jobType, k) })));

describe('the mix of a burst', () => {
  it('sends jobs of every type alone, in batches and for later, and cancels some', () => {
    expect(ofForty(ledgerPosting)).toEqual({ single: 26, batch: 10, delayed: 2, cancelled: 2 });
  });

  it('replays webhooks only, because they alone fail on request', () => {
    expect(ofForty(webhookDelivery)).toEqual({ single: 24, batch: 10, delayed: 2, cancelled: 2, replayed: 2 });
  });

  it('sends some jobs of one type in a file', () => {
    expect(ofForty(csvImport)).toEqual({ single: 22, batch: 10, bulk: 4, delayed: 2, cancelled: 2 });
  });
});

describe('what a mixed burst shows in the end', () => {
  it('counts a job of a burst that was cancelled or replayed by the way in which it came', () => {
    expect(countWaysIn({ single: 24, batch: 10, delayed: 2, cancelled: 2, replayed: 3 })).toEqual({
      single: 27,
      delayed: 4,
      batch: 10,
    });
  });

  const end = { jobType: 'any', outcome: 'SUCCEEDED', latencyMs: 9000, replayed: false } as const;

  it('counts no job of a burst as missed that went its way, and none that has no end yet', () => {
    expect(
      countMissed([
        { end },
        { way: 'batch', end },
        { way: 'bulk', end },
        { way: 'delayed', end },
        { way: 'cancelled', end: { ...end, outcome: 'CANCELLED' } },
        { way: 'replayed', end: { ...end, replayed: true } },
        { way: 'replayed', end: undefined },
      ]),
    ).toEqual({});
  });

  it('counts jobs of a burst as missed whose file, delay, cancelling or replay never happened', () => {
    expect(
      countMissed([
        { way: 'bulk', end: { ...end, outcome: 'FAILED' } },
        { way: 'delayed', end: { ...end, latencyMs: 1000 } },
        { way: 'cancelled', end },
        // its receiver was never closed
        { way: 'replayed', end },
        { way: 'replayed', end: { ...end, outcome: 'FAILED' } },
      ]),
    ).toEqual({ bulk: 1, delayed: 1, cancelled: 1, replayed: 2 });
  });
});
