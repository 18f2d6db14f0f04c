import { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';
import { blockWrites } from '@spillway/shared/job-store/blocks.ts';
import { jobReplays } from '@spillway/shared/job-store/replays.ts';
import { rowWriter } from '@spillway/shared/job-store/row-writer.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { laneUrls } from '@spillway/shared/runtime/lane/lane-urls.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import { showIn } from '@spillway/shared/runtime/unblock.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { administratorOf, answer } from '../../light-function.ts';
import { readOwners } from '../../owners.ts';
import { decideBlockedKey } from './decide-blocked-key.ts';

const { JOBS_TABLE, JOB_TYPE_OWNERS, LANES_ARN, STAGE } = environment({
  JOBS_TABLE: z.string(),
  JOB_TYPE_OWNERS: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const types = Object.keys(readOwners(JOB_TYPE_OWNERS));
const table = dynamo();
const tools = {
  reads: blockedReads(table, JOBS_TABLE),
  store: { ...jobReplays(table, JOBS_TABLE), ...blockWrites(rowWriter(table, JOBS_TABLE)) },
  show: showIn(sqs(), laneUrls(LANES_ARN, STAGE)),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const decided = await decideBlockedKey(event.body ?? '', types, tools);
    logger.info('a blocked key goes on', { ...decided, administrator: administratorOf(event) });
    return decided;
  });
