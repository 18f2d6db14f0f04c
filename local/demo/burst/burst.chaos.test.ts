import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { engine, eventually, frontDoorOf, one, outputs, submit } from '@spillway/e2e/deployed.ts';
import { TEST_TREE } from '@spillway/e2e/test-tree.ts';
import { ROOT } from '@spillway/engine/paths.ts';
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

/** What `spillway report` says about the jobs of a trace. */
async function report(query: string, traceId: string): Promise<Record<string, number>[]> {
  const args = [join(ROOT, 'cli/spillway.ts'), 'report', '--query', query, '--trace', traceId, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout)[0].rows;
}

const sum = (rows: readonly Record<string, number>[], column: string) =>
  rows.reduce((total, row) => total + (row[column] ?? 0), 0);

describe('a burst during which every consumer is killed several times', () => {
  it('the burst with kills has lanes of both kinds and a workflow', () => {
    expect(jobTypes.map(({ lane }) => lane.kind)).toEqual(expect.arrayContaining(['standard', 'ordered']));
    expect(jobTypes.map(({ run }) => run)).toEqual(expect.arrayContaining(['inline', 'express']));
  });

  it(
    'settles every job of a burst exactly once while all consumers are killed several times, and spillway report agrees',
    async () => {
      const killing = Promise.all(KILL_AFTER_MS.map((delay) => sleep(delay).then(() => killWorkers(engine.pid))));
      // a job of the same tenant that does not belong to the burst
      const beside = submit(csvImport.name, csvImport.example.input);
      const summary = await runBurst({ door: frontDoorOf(one), jobTypes, count: COUNT, outputs });
      expect(Math.max(...(await killing))).toBeGreaterThan(0);
      expect((await beside).status).toBe(202);
      const settled = { accepted: COUNT, settled: COUNT, outcomes: expect.objectContaining({ SUCCEEDED: COUNT }) };
      expect(summary).toMatchObject({ ...settled, unfinished: 0, lost: 0, doubled: 0 });
      const byHour = await eventually('the outcomes of the burst in the lake', async () => {
        const rows = await report('throughput', summary.traceId);
        return sum(rows, 'jobs') >= COUNT && rows;
      });
      expect(['jobs', 'succeeded', 'failed_or_expired'].map((column) => sum(byHour, column))).toEqual([
        COUNT,
        COUNT,
        0,
      ]);
      const latencies = await report('latency', summary.traceId);
      expect(sum(latencies, 'jobs')).toBe(COUNT);
      expect(Math.max(...latencies.map(({ max_ms }) => max_ms ?? 0))).toBe(Math.max(...summary.latencies));
    },
    (patienceSeconds(jobTypes) + AFTERWARDS_SECONDS) * 1000,
  );
});
