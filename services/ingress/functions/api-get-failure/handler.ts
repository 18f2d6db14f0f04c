import { failureReads } from '@spillway/shared/job-store/failures.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { readOwners } from '../../owners.ts';
import { getFailure } from './get-failure.ts';

const { JOBS_TABLE, ARCHIVE_BUCKET, JOB_TYPE_OWNERS, STAGE, AWS_REGION } = environment({
  JOBS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  JOB_TYPE_OWNERS: z.string(),
  STAGE: z.string(),
  AWS_REGION: z.string(),
});
const tools = {
  reads: failureReads(dynamo(), JOBS_TABLE),
  archive: objects(ARCHIVE_BUCKET),
  owners: readOwners(JOB_TYPE_OWNERS),
  stage: STAGE,
  region: AWS_REGION,
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => {
    const { tenant = '', type = '', jobId = '' } = event.pathParameters ?? {};
    return getFailure({ tenant, type, jobId: decoded(jobId) }, tools);
  });

/** An invalid job id may need encoding in the path, and may arrive encoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
