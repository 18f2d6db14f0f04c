import { firstLook, nextLook, soonLook } from './looks.ts';

const DAY_SECONDS = 86_400;
const FIRST_SECONDS = 900;
const started = new Date('2026-11-27T00:00:00.000Z');
const secondsAfter = (time: Date) => (time.getTime() - started.getTime()) / 1000;

/** The looks at a job that does not change, in seconds after its start. */
function looksWithin(seconds: number): number[] {
  const looks: number[] = [];
  for (
    let at = firstLook(started, FIRST_SECONDS);
    secondsAfter(at) <= seconds;
    at = nextLook(started, at, FIRST_SECONDS)
  )
    looks.push(secondsAfter(at));
  return looks;
}

describe('the looks at a job that goes on without its consumer', () => {
  it('are so rare that a job of an hour has three and one of 30 days has fewer than forty', () => {
    expect(looksWithin(3600)).toEqual([900, 1800, 3600]);
    expect(looksWithin(7 * DAY_SECONDS).length).toBe(13);
    expect(looksWithin(30 * DAY_SECONDS).length).toBeLessThan(40);
  });

  it('find a lost end at most as late as the job had run, and never later than a day', () => {
    const looks = looksWithin(30 * DAY_SECONDS);
    for (const [index, look] of looks.slice(1).entries()) {
      const before = looks[index] ?? 0;
      expect(look - before).toBeLessThanOrEqual(Math.min(Math.max(before, FIRST_SECONDS), DAY_SECONDS));
    }
  });

  it('come sooner after a decision, which a person waits for', () => {
    expect(secondsAfter(soonLook(started, FIRST_SECONDS))).toBe(300);
  });
});
