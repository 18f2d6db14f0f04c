import type { RunStep } from '@spillway/shared/attempt/job-code.ts';
import { uploadKey } from '@spillway/shared/contracts/upload.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { REPORT_TYPE, refusedName, type SharedPlan } from '@spillway/shared/runtime/bulk/paths.ts';
import type { Chunk } from '@spillway/shared/runtime/bulk/plan.ts';
import { type Sent, sendChunk } from '@spillway/shared/runtime/bulk/send.ts';
import { targetOf } from '@spillway/shared/runtime/bulk/target.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { laneUrls } from '@spillway/shared/runtime/lane/lane-urls.ts';
import { creatorOf } from '@spillway/shared/runtime/lane/result-files.ts';
import { sendAll } from '@spillway/shared/runtime/lane/send-all.ts';
import { piecesOf } from '@spillway/shared/runtime/lane/uploads.ts';
import { s3Requests } from '@spillway/shared/runtime/s3-requests.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';

const { UPLOAD_BUCKET, PAYLOAD_BUCKET, JOBS_TABLE, LANES_ARN, STAGE } = environment({
  UPLOAD_BUCKET: z.string(),
  PAYLOAD_BUCKET: z.string(),
  JOBS_TABLE: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const queue = sqs();
const urlOf = laneUrls(LANES_ARN, STAGE);
const uploads = s3Requests(UPLOAD_BUCKET);
const create = creatorOf(s3Requests(PAYLOAD_BUCKET));
const store = jobWrites(dynamo(), JOBS_TABLE);

const send: RunStep<{ chunk: Chunk; plan: SharedPlan }, Sent> = async ({ chunk, plan }, job) => {
  const { type, upload, etag, lines, perSecond } = plan;
  const jobType = await targetOf(type);
  const queueUrl = urlOf(jobType);
  const report = create(job, refusedName(chunk.line), REPORT_TYPE);
  const sent = await sendChunk({
    job,
    jobType,
    upload,
    line: chunk.line,
    perSecond,
    pieces: piecesOf(uploads, { key: uploadKey(job.tenant, upload), etag }, chunk),
    send: (messages) => sendAll(queue, queueUrl, messages),
    report,
    isCancelled: () => store.isCancelRequested(job),
    now: () => new Date(),
  });
  const [, , refused] = sent;
  if (refused > 0) await report.end();
  const progress = { done: chunk.line - 1 + chunk.lines, total: lines, message: 'lines sent' };
  // people watch it, and the job goes on without
  await store.recordProgress(job, progress, 'forward').catch((error: unknown) => {
    job.logger.warn('the progress was not recorded', { error: error as Error });
  });
  return sent;
};

export const handler = step(send);
