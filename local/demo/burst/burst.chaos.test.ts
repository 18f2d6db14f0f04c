import { setTimeout as sleep } from 'node:timers/promises';
import { engine, frontDoorOf, one, outputs, submit } from '@spillway/e2e/deployed.ts';
import { TEST_TREE } from '@spillway/e2e/test-tree.ts';
import { killWorkers } from '@spillway/engine/workers.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { exampleNeedsUpload } from '@spillway/shared/contracts/upload.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { patienceSeconds, runBurst } from './burst.ts';

const COUNT = 400;
/** Early, while all lanes are busy. */
const KILL_AFTER_MS = [500, 1500, 3000];
/** A message of a killed consumer comes back after its visibility timeout; with a longer one, the test would only wait. */
const LONGEST_VISIBILITY_SECONDS = 60;
/** Reading every job and the lake, after the burst. */
const AFTERWARDS_SECONDS = 60;

const jobTypes = activeJobTypes(TEST_TREE).filter(
  (jobType) => laneOf(jobType).visibilityTimeoutSeconds <= LONGEST_VISIBILITY_SECONDS && !exampleNeedsUpload(jobType),
);

describe('a burst during which every consumer is killed several times', () => {
  it('the burst with kills has lanes of both kinds and a workflow', () => {
    expect(jobTypes.map(({ lane }) => lane.kind)).toEqual(expect.arrayContaining(['standard', 'ordered']));
    expect(jobTypes.map(({ run }) => run)).toEqual(expect.arrayContaining(['inline', 'express']));
  });

  it(
    'settles every job of a burst exactly once while all consumers are killed several times',
    async () => {
      const killing = Promise.all(KILL_AFTER_MS.map((delay) => sleep(delay).then(() => killWorkers(engine.pid))));
      // a job of the same tenant that does not belong to the burst
      const beside = submit(csvImport.name, csvImport.example.input);
      const summary = await runBurst({ door: frontDoorOf(one), jobTypes, count: COUNT, outputs });
      expect(Math.max(...(await killing))).toBeGreaterThan(0);
      expect((await beside).status).toBe(202);
      const settled = { accepted: COUNT, settled: COUNT, outcomes: expect.objectContaining({ SUCCEEDED: COUNT }) };
      expect(summary).toMatchObject({ ...settled, unfinished: 0, lost: 0, doubled: 0 });
    },
    (patienceSeconds(jobTypes) + AFTERWARDS_SECONDS) * 1000,
  );
});
