import { setTimeout as sleep } from 'node:timers/promises';
import { engine, frontDoorOf, one, outputs, submit } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { patienceSeconds, runBurst } from './burst.ts';
import { killWorkers } from './kill-workers.ts';

const COUNT = 400;
/** Early, while all lanes are busy. */
const KILL_AFTER_MS = [500, 1500, 3000];
/** Reading every job and the lake, after the burst. */
const AFTERWARDS_SECONDS = 60;

describe('a burst during which every consumer is killed several times', () => {
  it(
    'settles every job of a burst exactly once while all consumers are killed several times',
    async () => {
      const killing = Promise.all(KILL_AFTER_MS.map((delay) => sleep(delay).then(() => killWorkers(engine.pid))));
      const jobTypes = loadJobTypes();
      // a job of the same tenant that does not belong to the burst
      const beside = submit(csvImport.name, csvImport.example.input);
      const summary = await runBurst({ door: frontDoorOf(one), jobTypes, count: COUNT, outputs });
      expect(Math.max(...(await killing))).toBeGreaterThan(0);
      expect((await beside).status).toBe(202);
      expect(summary).toMatchObject({ accepted: COUNT, settled: COUNT, succeeded: COUNT, lost: 0, doubled: 0 });
    },
    (patienceSeconds(loadJobTypes()) + AFTERWARDS_SECONDS) * 1000,
  );
});
