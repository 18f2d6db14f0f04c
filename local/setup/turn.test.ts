import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from './turn.mjs';

const turnFile = () => join(mkdtempSync(join(tmpdir(), 'spillway-turn-')), 'engines/main.turn');

describe('a turn', () => {
  it('is one process’s at a time, and leaves nothing behind, also where the work fails', async () => {
    const file = turnFile();
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await sleep(20);
      inside -= 1;
      throw new Error('failed');
    };
    const all = await Promise.allSettled([inTurn(file, work), inTurn(file, work), inTurn(file, work)]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  it('of a process that is gone is over', async () => {
    const file = turnFile();
    await inTurn(file, async () => undefined);
    writeFileSync(file, String(spawnSync('true').pid));
    expect(await inTurn(file, async () => existsSync(file))).toBe(true);
  });

  it('where nothing can be written says so, with the mend', async () => {
    const notAFolder = join(turnFile(), '../..', 'file');
    writeFileSync(notAFolder, '');
    const turn = inTurn(join(notAFolder, 'engines/main.turn'), async () => undefined);
    await expect(turn).rejects.toThrow(/engines cannot be written \(ENOTDIR\): .* a clone/);
  });
});
