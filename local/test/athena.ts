import { askLake, lakeFrom } from '@spillway/client/lake.ts';
import { output } from './deployed.ts';

/** The lake of the deployed stage. */
export const deployedLake = lakeFrom((name) => output('analytics', name));

/**
 * Runs a query over the facts in the analytics service's workgroup.
 *
 * @returns the rows, each with a text for each column
 * @throws ClientError if the query fails
 */
export const queryFacts = async (sql: string): Promise<string[][]> => (await askLake(deployedLake, sql)).rows;
