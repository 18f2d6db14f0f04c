import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import type { JobRow } from '@spillway/shared/job-store/row.ts';

type Shown = Pick<JobRow, 'jobId' | 'status' | 'history' | 'runAfter' | 'startBy' | 'settledAt'>;

/** Reads the rows of jobs whose ids start with a text. On AWS, nobody should scan this table. */
export async function rowsOf(outputs: Outputs, idPrefix: string): Promise<Shown[]> {
  const scan = {
    TableName: outputOf(outputs, 'processing', 'JobsTableName'),
    FilterExpression: 'begins_with(jobId, :prefix)',
    ExpressionAttributeValues: { ':prefix': { S: idPrefix } },
  };
  const rows: Shown[] = [];
  for await (const { Items = [] } of paginateScan({ client: new DynamoDBClient({}) }, scan)) {
    rows.push(...Items.map((item) => unmarshall(item) as Shown));
  }
  return rows;
}

/** When a job entered a status last, in epoch milliseconds; NaN if it never did. */
export const enteredAt = ({ history }: Pick<JobRow, 'history'>, status: JobRow['status']): number =>
  Date.parse(history.findLast((entry) => entry.status === status)?.at ?? '');
