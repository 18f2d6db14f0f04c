import type { EventType } from '../contracts/events/event-types.ts';
import { COLUMNS } from '../lake/table.ts';

/** A fact as an INSERT into a table. Times and ids follow from its job and revision. */
export function insertFact(
  table: string,
  job: string,
  revision: number,
  event_type: EventType,
  accepted_at = '2026-11-27T10:00:00.000Z',
): string {
  const fact: Record<string, string | number | null> = {
    event_id: `${job}.${revision}`,
    event_type,
    event_time: `2026-11-27T10:00:0${revision}.000Z`,
    tenant: 't',
    job_type: 'csv-import',
    job_id: job,
    revision,
    attempt: 1,
    accepted_at,
    settled_at: null,
    latency_ms: null,
    error_code: null,
    trace_id: 'a'.repeat(32),
  };
  const values = COLUMNS.map(({ Name }) => fact[Name] ?? null);
  return `INSERT INTO ${table} VALUES (${values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ')})`;
}

/**
 * Facts that come late, twice and out of order: of a job that failed, was replayed and succeeded, of one that is replayed, and of one
 * whose id was used again.
 */
export const TROUBLED: readonly [job: string, revision: number, type: EventType, acceptedAt?: string][] = [
  ['again', 4, 'job.succeeded'],
  ['again', 2, 'job.failed'],
  ['again', 3, 'job.replayed'],
  ['again', 4, 'job.succeeded'],
  ['waits', 2, 'job.replayed'],
  ['waits', 1, 'job.failed'],
  ['once', 0, 'job.accepted'],
  ['once', 2, 'job.failed'],
  ['once', 1, 'job.cancelled', '2027-02-01T10:00:00.000Z'],
];
