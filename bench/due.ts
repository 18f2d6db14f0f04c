import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, tokenSource } from '@spillway/client';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { isSettled } from '@spillway/shared/contracts/job.ts';
import { costInputOf } from './cost/inputs.ts';
import type { Deployed } from './deployed-engine.ts';
import { JOB_TYPE } from './pipe.ts';
import { enteredAt, rowsOf } from './rows.ts';
import { tableOf, verdict } from './table.ts';

interface Schedule {
  jobs: number;
  /** How long before the first job's time they are submitted. */
  aheadSeconds: number;
  /** From one job's time to the next one's. */
  everyMs: number;
  /** By when the last of them should have started after its time. */
  targetSeconds: number;
}

const IN_ONE_SECOND: Schedule = {
  jobs: 10_000,
  // enough that the last one is in its row three minutes before, since then the tick starts it. Whoever writes a row later than
  // that does it itself
  aheadSeconds: 300,
  everyMs: 0,
  targetSeconds: 30,
};
/** So far apart that each of them has the stage for itself. */
const ALONE: Schedule = { jobs: 30, aheadSeconds: 20, everyMs: 2000, targetSeconds: 2 };
/** Seldom, because reading all rows takes the engine a second. When a job started is in its row. */
const LOOK_EVERY_MS = 15_000;
/** Many times longer than the target. */
const LONGEST_SECONDS = 300;

/** Lets jobs fall due alone on an idle stage, and many in the same second. @returns how late they started, as tables */
export async function measureDue(deployed: Deployed): Promise<string> {
  return `${await measure(deployed, ALONE)}\n\n${await measure(deployed, IN_ONE_SECOND)}`;
}

async function measure(
  { stage, tenant, outputs }: Deployed,
  { jobs, aheadSeconds, everyMs, targetSeconds }: Schedule,
): Promise<string> {
  const client = createClient({ apiUrl: stage.apiUrl, apiKey: tenant.apiKey, token: tokenSource(stage, tenant) });
  const begun = Date.now();
  const first = Math.ceil(begun / 1000 + aheadSeconds) * 1000;
  const last = first + (jobs - 1) * everyMs;
  const prefix = `due-${first}-`;
  const entries = Array.from({ length: jobs }, (_, n) => ({
    id: `${prefix}${n}`,
    input: costInputOf(JOB_TYPE, n, '') as typeof JOB_TYPE.example.input,
    runAfter: new Date(first + n * everyMs).toISOString(),
  }));
  const refused = (await client.jobs.csvImport.batch(entries)).filter((outcome) => 'problem' in outcome);
  if (refused.length > 0) throw new LocalError('REFUSED', `The front door refused ${refused.length} jobs.`);
  const submittedSeconds = (Date.now() - begun) / 1000;
  await untilAll(
    () => rowsOf(outputs, prefix),
    ({ length }) => length === jobs,
    first,
  );
  const waitingSeconds = (Date.now() - begun) / 1000;
  await sleep(last - Date.now() + 1000);
  const rows = await untilAll(
    () => rowsOf(outputs, prefix),
    (all) => all.every(({ status }) => isSettled(status)),
    last + LONGEST_SECONDS * 1000,
  );
  const late = (status: 'QUEUED' | 'RUNNING') =>
    rows
      .map((row) => (enteredAt(row, status) - Date.parse(row.runAfter ?? '')) / 1000)
      .filter((seconds) => !Number.isNaN(seconds));
  const started = late('RUNNING');
  const row = (name: string, seconds: number[], note = '') => [
    name,
    ...[0.5, 0.95, 1].map((share) => percentile(seconds, share).toFixed(1)),
    note,
  ];
  const times = everyMs === 0 ? 'in the same second' : `every ${everyMs / 1000} s, on an idle stage`;
  return [
    `Seconds after their time, of ${jobs} ${JOB_TYPE.name} jobs that fell due ${times} (accepted after ${submittedSeconds.toFixed(0)} s, in their rows after ${waitingSeconds.toFixed(0)} s)`,
    tableOf([
      ['', 'p50', 'p95', 'last'],
      row('in their lane', late('QUEUED')),
      row('started', started, verdict(percentile(started, 1), targetSeconds, ' s')),
    ]),
    `The earliest started ${Math.min(...started).toFixed(2)} s after its time; ${rows.filter(({ status }) => status === 'SUCCEEDED').length} succeeded.`,
  ].join('\n');
}

async function untilAll<Row>(read: () => Promise<Row[]>, done: (rows: Row[]) => boolean, end: number): Promise<Row[]> {
  for (;;) {
    const rows = await read();
    if (done(rows)) return rows;
    if (Date.now() > end) throw new LocalError('TOO_SLOW', 'The jobs did not get there in time.');
    await sleep(LOOK_EVERY_MS);
  }
}
