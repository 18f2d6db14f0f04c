import type { ClaimOptions } from '../attempt/claim.ts';
import type { Ended } from '../attempt/settlement.ts';
import type { JobStatus } from '../contracts/job.ts';
import { jobCancels } from '../job-store/cancels.ts';
import { dueWrites } from '../job-store/due-writes.ts';
import { jobKey } from '../job-store/keys.ts';
import { jobReplays } from '../job-store/replays.ts';
import type { JobRow } from '../job-store/row.ts';
import { jobWaits } from '../job-store/waits.ts';
import { jobWrites } from '../job-store/writes.ts';
import { memoryTable } from './memory-table.ts';
import { sampleMessage, submissionIn } from './workbench.ts';

const TABLE = 'jobs';
/** When the tests write. */
export const now = new Date('2026-11-27T00:00:00.000Z');
export const before = new Date(now.getTime() - 1000);
export const later = new Date(now.getTime() + 3_600_000);
/** A job that was accepted a second before. */
export const job = { ...submissionIn(sampleMessage()), acceptedAt: before };
export const fence = { ...job, attempt: 1 };
export const error = { code: 'DOWN', message: 'downstream is down' };
export const ended = <How extends Ended['outcome']>(outcome: How) => ({ outcome, error, archiveKey: 'key', now });
export const claiming: ClaimOptions = {
  now,
  leaseUntil: later,
  maxAttempts: 3,
  evenIfVanished: false,
  evenIfNew: true,
  resumes: false,
};
export const { pk } = jobKey(job);

/** A row on which each write holds, as far as its status allows it. */
export const rowIn = (status: JobStatus) => ({
  pk,
  tenant: job.tenant,
  type: job.type,
  jobId: job.id,
  status,
  attempt: 1,
  revision: 3,
  acceptedAt: before.toISOString(),
  history: [],
  bodyDigest: job.bodyDigest,
  leaseUntil: before.getTime(),
  runAfter: before.toISOString(),
  startBy: before.toISOString(),
  dueSort: 'place',
});

/** The writes of the jobs table, on a table in memory. */
export function writers() {
  const table = memoryTable();
  const { client } = table;
  return {
    ...table,
    store: jobWrites(client, TABLE),
    due: dueWrites(client, TABLE),
    cancels: jobCancels(client, TABLE),
    waits: jobWaits(client, TABLE),
    replays: jobReplays(client, TABLE),
    row: () => table.rows.get(pk) as JobRow | undefined,
  };
}
export type Writers = ReturnType<typeof writers>;
