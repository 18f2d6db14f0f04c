import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobStore } from '../attempt/ports.ts';
import { PARKED_CODE } from '../contracts/failure.ts';
import { JOB_RETENTION_SECONDS } from '../contracts/lane.ts';
import { failureKeys, parkedKey } from './keys.ts';
import type { ParkedRow } from './row.ts';

/** Writes the row of a parked message, see {@link JobStore}. A message that is parked again is a new failure. */
export const recordParked =
  (dynamo: DynamoDBDocumentClient, table: string): JobStore['recordParked'] =>
  async ({ job, reason, archiveKey, now }) => {
    const { pk } = parkedKey(job);
    const fields: Omit<ParkedRow, 'pk'> = {
      tenant: job.tenant,
      type: job.type,
      jobId: job.id,
      error: { code: PARKED_CODE, message: reason },
      archiveKey,
      ...failureKeys(pk, job.type, now),
      failureCode: PARKED_CODE,
      expiresAt: Math.floor(now.getTime() / 1000) + JOB_RETENTION_SECONDS,
    };
    const entries = Object.entries(fields);
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk },
        UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')} REMOVE replayedAt, replayedAs`,
        ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
      }),
    );
  };
