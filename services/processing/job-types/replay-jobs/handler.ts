import replayJobs from '@spillway/shared/contracts/jobs/replay-jobs.ts';
import { blockWrites } from '@spillway/shared/job-store/blocks.ts';
import { failureReads } from '@spillway/shared/job-store/failures.ts';
import { jobReplays } from '@spillway/shared/job-store/replays.ts';
import { rowWriter } from '@spillway/shared/job-store/row-writer.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { laneUrls } from '@spillway/shared/runtime/lane/lane-urls.ts';
import { resend } from '@spillway/shared/runtime/lane/returns.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { replays } from '@spillway/shared/runtime/replay/run.ts';
import { showIn } from '@spillway/shared/runtime/unblock.ts';
import * as z from 'zod/mini';

const { JOBS_TABLE, ARCHIVE_BUCKET, PAYLOAD_BUCKET, STAGE, LANES_ARN } = environment({
  JOBS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  PAYLOAD_BUCKET: z.string(),
  STAGE: z.string(),
  // the start of every lane's ARN
  LANES_ARN: z.string(),
});
const queue = sqs();
const table = dynamo();

const urlOf = laneUrls(LANES_ARN, STAGE);

export const handler = consumer(
  replayJobs,
  replays({
    reads: failureReads(table, JOBS_TABLE),
    store: { ...jobReplays(table, JOBS_TABLE), ...blockWrites(rowWriter(table, JOBS_TABLE)) },
    show: showIn(queue, urlOf),
    archive: objects(ARCHIVE_BUCKET),
    payloads: objects(PAYLOAD_BUCKET),
    send: (lane, message, jobId) => resend(queue, urlOf(lane), message, { jobId, delaySeconds: 0 }),
    now: () => new Date(),
  }),
);
