import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adminDoor } from '@spillway/client/admin-door.ts';
import { administrator, engine, eventually, frontDoorOf, one, outputs, stage, submit } from '@spillway/e2e/deployed.ts';
import { TEST_TREE } from '@spillway/e2e/test-tree.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { killWorkers } from '@spillway/engine/workers.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { exampleNeedsUpload } from '@spillway/shared/contracts/upload.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { patienceSeconds, runBurst } from './burst.ts';
import type { Moment } from './lane-view.ts';

const COUNT = 400;
/** How many jobs have their outcomes at each of the kills: early, while all lanes are busy. */
const KILL_AT = [10, 40, 100];
/** A message of a killed consumer comes back after its visibility timeout; with a longer one, the test would only wait. */
const LONGEST_VISIBILITY_SECONDS = 60;
/** A small burst takes a fifth of it. */
const MIXED_SECONDS = 120;
/** Reading every job and the lake, after the burst. */
const AFTERWARDS_SECONDS = 60;

const jobTypes = activeJobTypes(TEST_TREE).filter(
  (jobType) => laneOf(jobType).visibilityTimeoutSeconds <= LONGEST_VISIBILITY_SECONDS && !exampleNeedsUpload(jobType),
);

/** What `spillway report` says about the jobs of a trace. */
async function report(query: string, traceId: string): Promise<Record<string, number>[]> {
  const args = [join(ROOT, 'cli/spillway.ts'), 'report', '--query', query, '--trace', traceId, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout)[0].rows;
}

const sum = <Column extends string>(rows: readonly Partial<Record<Column, number>>[], column: Column) =>
  rows.reduce((total, row) => total + (row[column] ?? 0), 0);

describe('a burst during which every consumer is killed several times', () => {
  it('the burst with kills has lanes of both kinds and a workflow', () => {
    expect(jobTypes.map(({ lane }) => lane.kind)).toEqual(expect.arrayContaining(['standard', 'ordered']));
    expect(jobTypes.map(({ run }) => run)).toEqual(expect.arrayContaining(['inline', 'express']));
  });

  it(
    'settles every job of a burst of all ways once while consumers are killed several times, and spillway report agrees',
    async () => {
      let kills = 0;
      const show = ({ lanes }: Moment) => {
        const at = KILL_AT[kills] ?? Number.POSITIVE_INFINITY;
        // soon after a kill, there is no worker
        if (sum(lanes, 'settled') >= at && killWorkers(engine.pid) > 0) kills += 1;
      };
      // a job of the same tenant that does not belong to the burst
      const beside = submit(csvImport.name, csvImport.example.input);
      const admin = adminDoor(stage, administrator);
      const summary = await runBurst({ door: frontDoorOf(one), admin, jobTypes, count: COUNT, outputs, show });
      expect(kills).toBe(KILL_AT.length);
      expect((await beside).status).toBe(202);
      // without a file and replays: their types are left out, because their visibility timeouts are too long
      const { single = 0, batch = 0, delayed = 0, cancelled = 0 } = summary.ways;
      expect(Math.min(single, batch, delayed, cancelled)).toBeGreaterThan(0);
      expect(single + batch + delayed + cancelled).toBe(COUNT);
      // what failed as planned succeeded when it was replayed
      expect(summary.outcomes).toEqual({ SUCCEEDED: COUNT - cancelled, FAILED: 0, CANCELLED: cancelled, EXPIRED: 0 });
      expect(summary).toMatchObject({
        accepted: COUNT,
        settled: COUNT,
        unfinished: 0,
        lost: 0,
        doubled: 0,
        missed: {},
      });
      const counted = await eventually('the outcomes of the burst in the lake', async () => {
        const rows = await report('throughput', summary.traceId);
        const counts = ['jobs', 'succeeded', 'cancelled', 'failed', 'expired'].map((column) => sum(rows, column));
        return counts[1] === COUNT - cancelled && counts;
      });
      expect(counted).toEqual([COUNT, COUNT - cancelled, cancelled, 0, 0]);
    },
    (patienceSeconds(jobTypes) + AFTERWARDS_SECONDS) * 1000,
  );
});

it(
  'sends a file, replays what its receiver refused, cancels and delays in a burst, and every job goes the way that was planned',
  async () => {
    const admin = adminDoor(stage, administrator);
    const plan = { jobTypes: [csvImport, webhookDelivery], count: 80 };
    const summary = await runBurst({ door: frontDoorOf(one), admin, outputs, ...plan });
    expect(summary.ways).toEqual({ single: 46, batch: 20, bulk: 4, delayed: 4, cancelled: 4, replayed: 2 });
    expect(summary).toMatchObject({ accepted: 80, settled: 80, unfinished: 0, lost: 0, doubled: 0, missed: {} });
    expect(summary.outcomes).toEqual({ SUCCEEDED: 76, FAILED: 0, CANCELLED: 4, EXPIRED: 0 });
  },
  MIXED_SECONDS * 1000,
);
