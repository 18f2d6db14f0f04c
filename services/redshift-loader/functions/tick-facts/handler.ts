import { setTimeout as pause } from 'node:timers/promises';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { TIMEOUTS } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { s3Requests } from '@spillway/shared/runtime/s3-requests.ts';
import * as z from 'zod/mini';
import { hasObjects, run } from './load.ts';
import { lastHour, prefixOf, preparationOf, statementsOf } from './statements.ts';

const { LAKE_BUCKET, WORKGROUP, DATABASE, SCHEMA, COPY_ROLE_ARN } = environment({
  LAKE_BUCKET: z.string(),
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  SCHEMA: z.string(),
  COPY_ROLE_ARN: z.string(),
});
const lake = s3Requests(LAKE_BUCKET);
const client = new RedshiftDataClient(TIMEOUTS);

/**
 * Loads the hour before the time of the event, which is the schedule's, or one that a person chose to load an hour again.
 *
 * @returns what was loaded; nothing if the hour has no facts
 */
export async function handler({ time }: { time: string }): Promise<{ loaded?: string }> {
  const prefix = prefixOf(lastHour(new Date(time)));
  if (!(await hasObjects(lake, prefix))) return {};
  const load = { bucket: LAKE_BUCKET, prefix, schema: SCHEMA, copyRoleArn: COPY_ROLE_ARN };
  const warehouse = { client, workgroup: WORKGROUP, database: DATABASE, pause };
  await run(warehouse, preparationOf(load));
  await run(warehouse, statementsOf(load));
  return { loaded: prefix };
}
