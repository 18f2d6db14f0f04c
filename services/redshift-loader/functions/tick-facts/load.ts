import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import type { S3Requests } from '@spillway/shared/runtime/s3-requests.ts';

/** Redshift could not load an hour. Lambda tries again, and then keeps the hour in a queue. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly code = 'NOT_LOADED';
}

/** Where the statements run. */
export interface Warehouse {
  client: Pick<RedshiftDataClient, 'send'>;
  workgroup: string;
  database: string;
  pause(milliseconds: number): Promise<unknown>;
}

const LOOK_EVERY_MS = 2000;

/** Whether a prefix has objects. COPY fails for one that has none, which an idle hour is. */
export async function hasObjects(s3: Pick<S3Requests, 'send'>, prefix: string): Promise<boolean> {
  const response = await s3.send('', {
    method: 'GET',
    query: `list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`,
  });
  return (await response.text()).includes('<Key>');
}

/**
 * Runs statements in one transaction, and waits for its end.
 *
 * @throws LoadError with Redshift's reason if a statement fails
 */
export async function run({ client, workgroup, database, pause }: Warehouse, Sqls: string[]): Promise<void> {
  const started = await client.send(
    new BatchExecuteStatementCommand({ WorkgroupName: workgroup, Database: database, Sqls }),
  );
  for (;;) {
    const { Status, Error: reason } = await client.send(new DescribeStatementCommand({ Id: started.Id }));
    if (Status === 'FINISHED') return;
    if (Status === 'FAILED' || Status === 'ABORTED') {
      throw new LoadError(`Redshift ended the load as ${Status}: ${reason ?? 'no reason given'}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
