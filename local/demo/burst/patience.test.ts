import { patience } from './patience.ts';

const SECOND = 1000;

describe('the patience of a burst', () => {
  it('waits as long as something moves, however long it takes in all', () => {
    let now = 0;
    const left = patience(10 * SECOND, () => now);
    for (let step = 0; step < 100; step += 1) {
      now += 9 * SECOND;
      expect(left(step)).toBe(10 * SECOND);
    }
  });

  it('says how long it still waits, and ends the wait once nothing has moved for its time', () => {
    let now = 0;
    const left = patience(10 * SECOND, () => now);
    const looks = Array.from({ length: 12 }, () => {
      now += SECOND;
      return left(7) / SECOND;
    });
    expect(looks).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  });

  it('does not lose patience in a process that was suspended', () => {
    let now = 0;
    const left = patience(10 * SECOND, () => now);
    now += 3600 * SECOND;
    expect(left(1)).toBe(10 * SECOND);
    now += 3600 * SECOND;
    expect(left(1)).toBe(9 * SECOND);
  });
});
