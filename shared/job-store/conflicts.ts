import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobStore } from '../attempt/ports.ts';
import type { JobRow } from './row.ts';
import { rowWriter } from './row-writer.ts';

/** Whether a message has another body than the job. A job that was cancelled before it was seen has no body yet. */
export const isOtherBody = ({ bodyDigest }: Pick<JobRow, 'bodyDigest'>, digest: string): boolean =>
  bodyDigest !== undefined && bodyDigest !== digest;

/**
 * Counts a conflicting duplicate, see {@link JobStore}. It changes neither the job's state nor its expiry, and other writes
 * do not depend on what it changes, so it can come at any time. The row does not grow with the count.
 */
export const recordConflict = (dynamo: DynamoDBDocumentClient, table: string): JobStore['recordConflict'] => {
  const write = rowWriter(dynamo, table);
  return async (job, { messageId, now }) => {
    const answer = await write(job, {
      set: [
        'conflictCount = if_not_exists(conflictCount, :zero) + :one',
        'conflictedAt = :at',
        'conflictMessage = :message',
        'revision = revision + :one',
      ],
      // a job that was cancelled before it was seen has no body, and an absent attribute differs from every value. A message
      // that the lane delivers again is the same conflict
      condition:
        'attribute_exists(#bodyDigest) AND #bodyDigest <> :bodyDigest AND (attribute_not_exists(conflictMessage) OR conflictMessage <> :message)',
      names: { '#bodyDigest': 'bodyDigest' },
      values: {
        ':zero': 0,
        ':one': 1,
        ':at': now.toISOString(),
        ':message': messageId,
        ':bodyDigest': job.bodyDigest,
      },
    });
    return answer.written;
  };
};
