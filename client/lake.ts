import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecutionStatus,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { ClientError } from './errors.ts';
import { stackOutputs } from './stack-outputs.ts';

/** Where a stage's lake is. */
export interface Lake {
  bucket: string;
  /** Athena's database and workgroup. */
  database: string;
  workgroup: string;
}

/** The answer to a query. Every value is a text; one without a value is empty. */
export interface Answer {
  columns: string[];
  rows: string[][];
}

/**
 * Reads where a stage's lake is, from the outputs of its analytics stack.
 *
 * @throws ClientError if analytics is not deployed
 */
export const readLake = async (stage: string): Promise<Lake> =>
  lakeFrom(await stackOutputs('analytics', stage, 'lake'));

/** @param output reads an output of the analytics stack */
export const lakeFrom = (output: (name: string) => string): Lake => ({
  bucket: output('LakeBucketName'),
  database: output('DatabaseName'),
  workgroup: output('WorkgroupName'),
});

/** Athena takes a second or more; the local engine takes a tenth of it. The pause doubles until it is long enough for Athena. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Asks the lake with SQL, by Athena, with the AWS credentials and region of this process.
 *
 * @throws ClientError if the query fails, or is stopped because it reads more than the workgroup allows
 */
export async function askLake({ database, workgroup }: Lake, sql: string): Promise<Answer> {
  const athena = new AthenaClient();
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
    }),
  );
  const { State, StateChangeReason } = await finished(athena, QueryExecutionId);
  if (State !== 'SUCCEEDED') throw new ClientError('NO_ANSWER', `The query ended as ${State}: ${StateChangeReason}`);
  const rows: string[][] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId })) {
    for (const { Data = [] } of ResultSet?.Rows ?? []) rows.push(Data.map(({ VarCharValue = '' }) => VarCharValue));
  }
  // the first row has the columns' names
  const [columns = [], ...values] = rows;
  return { columns, rows: values };
}

async function finished(athena: AthenaClient, QueryExecutionId: string | undefined): Promise<QueryExecutionStatus> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const status = QueryExecution?.Status;
    if (status && !['QUEUED', 'RUNNING'].includes(status.State ?? '')) return status;
  }
}
