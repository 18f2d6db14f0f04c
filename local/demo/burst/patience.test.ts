import { patience } from './patience.ts';

const SECOND = 1000;

describe('the patience of a burst', () => {
  it('waits as long as something moves, however long it takes in all', () => {
    let now = 0;
    const goOn = patience(10 * SECOND, () => now);
    for (let step = 0; step < 100; step += 1) {
      now += 9 * SECOND;
      expect(goOn(step)).toBe(true);
    }
  });

  it('ends the wait once nothing has moved for its time', () => {
    let now = 0;
    const goOn = patience(10 * SECOND, () => now);
    const looks = Array.from({ length: 12 }, () => {
      now += SECOND;
      return goOn(7);
    });
    expect(looks.lastIndexOf(true)).toBe(9);
    expect(looks.slice(10)).toEqual([false, false]);
  });

  it('does not lose patience in a process that was suspended', () => {
    let now = 0;
    const goOn = patience(10 * SECOND, () => now);
    now += 3600 * SECOND;
    expect(goOn(1)).toBe(true);
    now += 3600 * SECOND;
    expect(goOn(1)).toBe(true);
  });
});
