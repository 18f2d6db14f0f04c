import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobStore } from '../attempt/ports.ts';
import { PARKED_CODE } from '../contracts/failure.ts';
import { JOB_RETENTION_SECONDS } from '../contracts/lane.ts';
import { failureKeys, parkedKey } from './keys.ts';
import type { ParkedRow } from './row.ts';
import { seconds, setting } from './row-writer.ts';

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
      expiresAt: seconds(now) + JOB_RETENTION_SECONDS,
    };
    const { set, names, values } = setting(fields);
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk },
        UpdateExpression: `SET ${set.join(', ')} REMOVE replayedAt, replayedAs`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  };
