import { memoryTable } from '@spillway/shared/testing/memory-table.ts';
import { catchUpLocks, LOCK_MS } from './catch-up-locks.ts';
import { connectionKey } from './table.ts';

const NOW = new Date('2026-11-27T10:00:00Z');
const LATER = new Date(NOW.getTime() + LOCK_MS);

/** Locks of the connection `c`. */
function locksOf() {
  const { client, rows } = memoryTable();
  const { pk } = connectionKey('c');
  rows.set(pk, { pk });
  return { locks: catchUpLocks(client, 'connections'), row: () => rows.get(pk) };
}

describe('the lock of a connection', () => {
  it('is held by one at a time, and free again after that', async () => {
    const { locks } = locksOf();
    const inside: boolean[] = [];
    const took = await locks.holding('c', NOW, async () => {
      inside.push(await locks.holding('c', NOW, async () => {}));
    });
    expect([took, inside, await locks.holding('c', NOW, async () => {})]).toEqual([true, [false], true]);
  });

  it('is free again after a failure', async () => {
    const { locks, row } = locksOf();
    const failing = locks.holding('c', NOW, () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(row()).not.toHaveProperty('catchingUpUntil');
  });

  it('can be taken over when its function has certainly ended, and is then not released by the first one', async () => {
    const { locks } = locksOf();
    const taken: boolean[] = [];
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let first: Promise<boolean> | undefined;
    await new Promise<void>((started) => {
      first = locks.holding('c', NOW, async () => {
        started();
        await ended;
      });
    });
    await locks.holding('c', LATER, async () => {
      end();
      await first;
      taken.push(await locks.holding('c', LATER, async () => {}));
    });
    expect(taken).toEqual([false]);
  });

  it('is not for a connection that has been forgotten, and does not write its row again', async () => {
    const { client, rows } = memoryTable();
    expect(await catchUpLocks(client, 'connections').holding('c', NOW, async () => {})).toBe(false);
    expect(rows.size).toBe(0);
  });
});
