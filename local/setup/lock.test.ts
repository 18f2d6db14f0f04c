import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './lock.mjs';

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'spillway-lock-')), 'engines/main.lock');

it('a lock is held by one process at a time and leaves no file behind, even if the work fails', async () => {
  const file = lockFile();
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await sleep(20);
    inside -= 1;
    throw new Error('failed');
  };
  const all = await Promise.allSettled([withLock(file, work), withLock(file, work), withLock(file, work)]);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(readdirSync(join(file, '..'))).toEqual([]);
});

it('a lock whose process has ended is taken over', async () => {
  const file = lockFile();
  await withLock(file, async () => undefined);
  writeFileSync(file, String(spawnSync('true').pid));
  expect(await withLock(file, async () => existsSync(file))).toBe(true);
});

it('a lock in a folder that cannot be written fails with a message that says what to do', async () => {
  const notAFolder = join(lockFile(), '../..', 'file');
  writeFileSync(notAFolder, '');
  const locked = withLock(join(notAFolder, 'engines/main.lock'), async () => undefined);
  await expect(locked).rejects.toThrow(/engines cannot be written \(ENOTDIR\): .* clone/);
});
