import { createHash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { EventType } from '../contracts/events/event-types.ts';
import { EVENT_SOURCE, JobEvent } from '../contracts/events/job-event.ts';
import { STATUSES } from '../contracts/job.ts';
import { isParked } from './keys.ts';
import { conflictsOf, type JobRow } from './row.ts';

/**
 * Makes the events of a change of the jobs table, in order, and checks them by their contracts. A row's first write makes two:
 * that the job was accepted, which is revision 0, and what the write says.
 *
 * @returns none for a change that is not an event: a removal (rows expire by TTL), a parked message's row, or a write
 *   without a new revision
 * @throws ZodError or another error if the record is not one of ours: a poison record
 */
export function eventsOf(record: DynamoDBRecord): JobEvent[] {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  if (record.eventName === 'REMOVE' || !NewImage) return [];
  const row = rowOf(NewImage);
  if (isParked(row)) return [];
  const before = OldImage && rowOf(OldImage);
  if (before && before.revision === row.revision) return [];
  const { type, at } = whatHappened(row, before);
  const time = at ?? new Date((record.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  const event = eventOfRow(row, type, time);
  return before ? [event] : [acceptedEvent(row), event];
}

/** The event that made a row as it is. @throws ZodError if the row does not have what such an event says */
export const eventOfRow = (row: JobRow, type: EventType | undefined, time: string): JobEvent =>
  JobEvent.parse({ ...envelopeOf(row), type, time, data: { ...dataOf(row), ...detailsOf(row) } });

/** What the first sight of a job says, whatever its first write made of it. */
export function acceptedEvent(row: JobRow): JobEvent {
  const first = { ...row, revision: 0, attempt: 0 };
  return JobEvent.parse({
    ...envelopeOf(first),
    type: 'job.accepted' satisfies EventType,
    time: row.acceptedAt,
    data: dataOf(first),
  });
}

const envelopeOf = (row: JobRow) => ({
  specversion: '1.0',
  id: eventId(row),
  source: EVENT_SOURCE,
  subject: `${row.type}/${row.jobId}`,
  datacontenttype: 'application/json',
});

const dataOf = ({ tenant, type, jobId, revision, attempt, acceptedAt, traceId }: JobRow) => ({
  tenant,
  jobType: type,
  jobId,
  revision,
  attempt,
  acceptedAt,
  traceId,
  links: { self: `/jobs/${type}/${encodeURIComponent(jobId)}` },
});

/** What has become of the job so far. Its input and its result stay in the table. */
const detailsOf = (row: JobRow) => ({
  runAfter: row.runAfter,
  settledAt: row.settledAt,
  // the front door's clock may be ahead of the consumer's
  latencyMs: row.settledAt && Math.max(0, Date.parse(row.settledAt) - Date.parse(row.acceptedAt)),
  error: row.error,
  progress: row.progress,
  waitingFor: row.waitingFor,
  ...conflictsOf(row),
});

/** The event of a new revision and, if the row says so, its time. */
function whatHappened(
  row: JobRow,
  before: JobRow | undefined,
): { type: EventType | undefined; at?: string | undefined } {
  if (!before || row.history.length > before.history.length) {
    return {
      type: statusEvent(row, before),
      at: row.history.at(-1)?.at,
    };
  }
  const remindedAt = row.waitingFor?.remindedAt;
  if (remindedAt && remindedAt !== before.waitingFor?.remindedAt) return { type: 'job.reminded', at: remindedAt };
  if (row.conflictCount !== before.conflictCount) return { type: 'job.conflicted', at: row.conflictedAt };
  return { type: 'job.progressed' };
}

/** The event of a job that has entered a status. @returns undefined if the row has a status that is not ours */
export const statusEvent = (row: Entered, before: Entered | undefined): EventType | undefined =>
  furtherEvent(row, before) ?? STATUSES[row.status]?.event;

/** What the event of a status depends on. */
type Entered = Pick<JobRow, 'status' | 'generation'>;

/** The event of a status that says more than the status. */
function furtherEvent(row: Entered, before: Entered | undefined): EventType | undefined {
  if (before && row.generation !== before.generation) return 'job.replayed';
  if (before?.status === 'WAITING' && row.status === 'RUNNING') return 'job.decided';
  return before?.status === 'SCHEDULED' && row.status === 'QUEUED' ? 'job.queued' : undefined;
}

type Image = Parameters<typeof unmarshall>[0];
const rowOf = (image: unknown) => unmarshall(image as Image) as JobRow;

/**
 * The same for the same row and revision. A job id that is used again after its row has expired makes a new row, whose
 * revisions start again; the time of acceptance, which a row never changes, tells the two apart. It does not reveal the tenant.
 */
const eventId = ({ pk, acceptedAt, revision }: JobRow) =>
  `${createHash('sha256').update(`${pk}#${acceptedAt}`).digest('base64url').slice(0, 27)}.${revision}`;
