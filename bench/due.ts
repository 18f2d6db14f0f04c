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

const JOBS = 10_000;
const TARGET_SECONDS = 30;
/**
 * So long before their time, the jobs are submitted: enough that the last one is in its row three minutes before, since then the
 * tick starts it. Whoever writes a row later than that does it itself.
 */
const AHEAD_SECONDS = 300;
/** Seldom, because reading all rows takes the engine a second. When a job started is in its row. */
const LOOK_EVERY_MS = 15_000;
/** Many times longer than the target. */
const LONGEST_SECONDS = 300;

/** Lets jobs fall due in the same second. @returns how late they started, as a table */
export async function measureDue({ stage, tenant, outputs }: Deployed): Promise<string> {
  const client = createClient({ apiUrl: stage.apiUrl, apiKey: tenant.apiKey, token: tokenSource(stage, tenant) });
  const at = new Date(Math.ceil(Date.now() / 1000 + AHEAD_SECONDS) * 1000);
  const prefix = `due-${at.getTime()}-`;
  const entries = Array.from({ length: JOBS }, (_, n) => ({
    id: `${prefix}${n}`,
    input: costInputOf(JOB_TYPE, n, '') as typeof JOB_TYPE.example.input,
    runAfter: at.toISOString(),
  }));
  const refused = (await client.jobs.csvImport.batch(entries)).filter((outcome) => 'problem' in outcome);
  if (refused.length > 0) throw new LocalError('REFUSED', `The front door refused ${refused.length} jobs.`);
  const submittedSeconds = AHEAD_SECONDS - (at.getTime() - Date.now()) / 1000;
  await untilAll(
    () => rowsOf(outputs, prefix),
    ({ length }) => length === JOBS,
    at.getTime(),
  );
  const waitingSeconds = AHEAD_SECONDS - (at.getTime() - Date.now()) / 1000;
  await sleep(at.getTime() - Date.now() - 1000);
  const rows = await untilAll(
    () => rowsOf(outputs, prefix),
    (all) => all.every(({ status }) => isSettled(status)),
    at.getTime() + LONGEST_SECONDS * 1000,
  );
  const late = (status: 'QUEUED' | 'RUNNING') =>
    rows.map((row) => (enteredAt(row, status) - at.getTime()) / 1000).filter((seconds) => !Number.isNaN(seconds));
  const started = late('RUNNING');
  const row = (name: string, seconds: number[], note = '') => [
    name,
    ...[0.5, 0.95, 1].map((share) => percentile(seconds, share).toFixed(1)),
    note,
  ];
  return [
    `Seconds after their time, of ${JOBS} ${JOB_TYPE.name} jobs that fell due in the same second (accepted after ${submittedSeconds.toFixed(0)} s, in their rows after ${waitingSeconds.toFixed(0)} s)`,
    tableOf([
      ['', 'p50', 'p95', 'last'],
      row('in their lane', late('QUEUED')),
      row('started', started, verdict(percentile(started, 1), TARGET_SECONDS, ' s')),
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
