import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { outputOf } from '@spillway/engine/outputs.ts';
import { eventually, outputs } from './deployed.ts';

const athena = new AthenaClient({});
const FINISHED = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/**
 * Runs a query over the facts in the analytics service's workgroup.
 *
 * @returns the rows, each with a text for each column
 * @throws Error if the query fails
 */
export async function queryFacts(QueryString: string): Promise<string[][]> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      WorkGroup: outputOf(outputs, 'analytics', 'WorkgroupName'),
      QueryExecutionContext: { Database: outputOf(outputs, 'analytics', 'DatabaseName') },
    }),
  );
  const status = await eventually('the query', async () => {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return FINISHED.includes(QueryExecution?.Status?.State ?? '') && QueryExecution?.Status;
  });
  if (status.State !== 'SUCCEEDED') throw new Error(`The query ended as ${status.State}: ${status.StateChangeReason}`);
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  // the first row has the columns' names
  return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data.map(({ VarCharValue = '' }) => VarCharValue));
}
