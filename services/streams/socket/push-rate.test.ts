import { LONGEST_PUSH_MS, mostEventsOf, paceOf } from './push-rate.ts';
import { PARTS } from './table.ts';

describe('how fast events are pushed to many connections', () => {
  it.each([100, 312, 999, 5000, 10_000])('all parts of a push together send %d messages a second', (rate) => {
    expect((PARTS.length * 1000) / paceOf(rate).intervalMs).toBeCloseTo(rate);
  });

  it.each([312, 999, 5000, 10_000])(
    'a message of the queue has no more events than go to 390 connections of a part in time, at %d messages a second',
    (rate) => {
      expect(mostEventsOf(rate) * 390 * paceOf(rate).intervalMs).toBeLessThanOrEqual(LONGEST_PUSH_MS);
    },
  );

  it('a message has at least one event, however slow the stage is, and sixteen by default', () => {
    expect([100, 311, 312, 624, 5000].map(mostEventsOf)).toEqual([1, 1, 1, 2, 16]);
  });
});
