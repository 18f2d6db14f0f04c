import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobEvent } from '../contracts/events/job-event.ts';
import type { JobIdentity } from '../contracts/job.ts';
import type { Since } from '../contracts/socket.ts';
import { LIST_INDEX, listPartitions } from './keys.ts';
import { pastEvents } from './past-events.ts';
import { jobReads } from './reads.ts';
import type { JobRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { shardedIndex } from './sharded-index.ts';

/** All that an event says. */
const TOLD = [
  'pk',
  'tenant',
  'type',
  'jobId',
  'status',
  'attempt',
  'revision',
  'acceptedAt',
  'settledAt',
  'history',
  'traceId',
  'error',
  'progress',
  'waitingFor',
  'runAfter',
  'conflictCount',
  'conflictedAt',
  'generation',
] as const;

/** A job that was accepted longer than this before the time of a catch-up is not looked at: only its list shows it. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000;

/** The reads with which a client that was away catches up. */
export function catchUps(dynamo: DynamoDBDocumentClient, table: string) {
  const reads = jobReads(dynamo, table);
  const index = shardedIndex(dynamo, table, LIST_INDEX);

  return {
    /** A job's events since then, or none without `since`; undefined if the tenant has no such job that was seen. */
    async ofJob(job: JobIdentity, since: Since | undefined): Promise<JobEvent[] | undefined> {
      const row = await reads.get(job);
      if (!row) return undefined;
      return since === undefined ? [] : pastEvents(row, since);
    },

    /**
     * The events since a time of a tenant's jobs of one type, those of the newest job first, those of one job in order. Looks at
     * the newest jobs, and at none that were accepted more than a day before the time.
     *
     * @param most how many jobs to look at
     * @returns whether these were all jobs that were accepted since then
     */
    async ofType(
      { tenant, type }: Pick<JobIdentity, 'tenant' | 'type'>,
      since: Date,
      most: number,
      send: (events: JobEvent[]) => Promise<void>,
    ): Promise<boolean> {
      const chunks = index.chunks({
        partitions: listPartitions(tenant, type),
        order: 'newest',
        low: new Date(since.getTime() - LOOK_BACK_MS).toISOString(),
        size: KEYS_A_CALL,
      });
      let looked = 0;
      for await (const { chunk, more } of chunks) {
        const rows = await readRows<JobRow, (typeof TOLD)[number]>(dynamo, table, chunk, TOLD, true);
        await send(rows.flatMap((row) => pastEvents(row as JobRow, since.toISOString())));
        looked += chunk.length;
        if (more && looked >= most) return String(chunk.at(-1)?.[LIST_INDEX.range]) < since.toISOString();
      }
      return true;
    },
  };
}
