import type { JobChange } from './changes.ts';
import { shownOf } from './shown.ts';

const MINUTE_MS = 60_000;
const BEGIN = Date.parse('2026-11-27T10:00:00Z');
const at = (minutes: number) => new Date(BEGIN + minutes * MINUTE_MS).toISOString();
const changed = (jobId: string, minutes: number) =>
  ({ type: 'job.started', time: at(minutes), data: { jobType: 'csv-import', jobId, revision: 1 } }) as JobChange;

/** What a watch of many jobs has shown, and its clock. */
function watching() {
  const clock = { minutes: 0 };
  return { clock, shown: shownOf({}, new Date(BEGIN), () => clock.minutes * MINUTE_MS) };
}

describe('a watch of many jobs', () => {
  it('asks from when it asked before, because a push can be lost while later ones arrive', () => {
    const { clock, shown } = watching();
    expect(shown.since()).toBe(at(0));
    shown.caughtUp();
    clock.minutes = 4;
    shown.isNew(changed('before', 4));
    clock.minutes = 5;
    shown.since();
    shown.caughtUp();
    // a push of minute 6 is lost
    clock.minutes = 9;
    shown.isNew(changed('after', 9));
    clock.minutes = 10;
    expect(shown.since()).toBe(at(4));
  });

  it('asks from the same time again until a catch-up is complete', () => {
    const { clock, shown } = watching();
    for (clock.minutes = 5; clock.minutes < 30; clock.minutes += 5) {
      expect(shown.since()).toBe(at(0));
      shown.cutOff();
      shown.caughtUp();
    }
    shown.caughtUp();
    expect(shown.since()).toBe(at(0));
    shown.caughtUp();
    expect(shown.since()).toBe(at(29));
  });

  it('does not ask for more than a day although nothing happens for days', () => {
    const { clock, shown } = watching();
    for (; clock.minutes <= 3 * 24 * 60; clock.minutes += 5) {
      expect(BEGIN + clock.minutes * MINUTE_MS - Date.parse(String(shown.since()))).toBeLessThanOrEqual(6 * MINUTE_MS);
      shown.caughtUp();
    }
  });

  it('asks from before the last minute of polling that it did, and from before the first one after a single one', () => {
    const { clock, shown } = watching();
    for (clock.minutes = 10; clock.minutes < 13; clock.minutes += 1) shown.until();
    expect(shown.since()).toBe(at(10));
    shown.cutOff();
    clock.minutes = 20;
    shown.until();
    expect(shown.since()).toBe(at(10));
  });
});
