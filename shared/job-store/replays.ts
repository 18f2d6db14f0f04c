import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type JobIdentity, STATUSES } from '../contracts/job.ts';
import { BLOCKED_ATTRIBUTES, parkedKey } from './keys.ts';
import type { ArchivedFailure, JobRow } from './row.ts';
import { rowWriter, transition } from './row-writer.ts';

export const generationOf = ({ generation = 1 }: Pick<JobRow, 'generation'>): number => generation;

/** Whether a job can be replayed: it failed or expired. */
export const isReplayable = ({ status }: Pick<JobRow, 'status'>): boolean => 'failure' in STATUSES[status];

/** Whether a replayed message may start the next generation of a job. */
export const opensNext = (row: JobRow, replay: { generation: number } | undefined): boolean =>
  isReplayable(row) && replay?.generation === generationOf(row) + 1;

/** A skip is not a revision. It lets the job's message go, and then the job must not wait for it. */
const STILL_BLOCKS = ' AND attribute_exists(blockedKey)';

/** The writes of replays. Each is one conditional write of one row. */
export function jobReplays(dynamo: DynamoDBDocumentClient, table: string) {
  const write = rowWriter(dynamo, table);

  /**
   * Starts the next generation of a job: it is QUEUED again, its attempts start again, and its failure stays visible. No
   * attempt has the number that it gets, so whatever comes late of the earlier ones, such as the end of an execution, does
   * not settle it. Its message must have been sent before, or be held at the head of the key that it blocks; a job that was
   * queued without one would wait for ever.
   *
   * @param row as it was read
   * @returns false if the row has changed in the meantime, for example by the same replay
   */
  async function reopen(job: JobIdentity, row: JobRow, now: Date): Promise<boolean> {
    const generation = generationOf(row);
    const state = transition('replay', now);
    const failure: ArchivedFailure = {
      generation,
      attempts: row.attempt - (row.attemptsBefore ?? 0),
      error: row.error ?? { code: row.status, message: `the job is ${row.status}` },
      failedAt: row.settledAt ?? now.toISOString(),
      replayedAt: now.toISOString(),
      archiveKey: row.archiveKey ?? '',
    };
    const { written } = await write(job, {
      set: [
        ...state.set,
        'generation = :generation',
        'attempt = attempt + :one',
        // of the attempt before this write
        'attemptsBefore = attempt + :one',
        'replayedAt = :replayedAt',
        'failures = list_append(if_not_exists(failures, :none), :failures)',
      ],
      remove: ['#error', 'settledAt', 'failedKey', 'progress', 'replayedAs', 'decided', ...BLOCKED_ATTRIBUTES],
      condition: `${state.where} AND revision = :revision${row.blockedKey === undefined ? '' : STILL_BLOCKS}`,
      names: { '#error': 'error' },
      values: {
        ...state.values,
        ...state.from,
        ':generation': generation + 1,
        ':replayedAt': now.toISOString(),
        ':failures': [failure],
        ':revision': row.revision,
      },
    });
    return written;
  }

  /**
   * Notes that a failure was replayed as a new job. The old job keeps its outcome, and this is not a new revision of it.
   *
   * @param row as it was read
   * @param id of the new job
   * @returns false if the row has changed in the meantime
   */
  async function markReplayedAs(job: JobIdentity, row: JobRow, id: string, now: Date): Promise<boolean> {
    const { written } = await write(job, {
      set: ['replayedAt = :now', 'replayedAs = :id'],
      condition: '#status = :before AND revision = :revision',
      values: { ':now': now.toISOString(), ':id': id, ':before': row.status, ':revision': row.revision },
    });
    return written;
  }

  /**
   * Notes that a parked message was sent into its lane again.
   *
   * @param id of the new job that it was sent as, if it was
   */
  async function markParked(job: JobIdentity, now: Date, id?: string): Promise<void> {
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: parkedKey(job),
        UpdateExpression: `SET replayedAt = :now${id === undefined ? '' : ', replayedAs = :id'}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':now': now.toISOString(), ...(id !== undefined && { ':id': id }) },
      }),
    );
  }

  return { reopen, markReplayedAs, markParked };
}
