import { openUpload } from '@spillway/shared/attempt/files.ts';
import type { RunStepOf } from '@spillway/shared/attempt/job-code.ts';
import type bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { chunksKey, type SharedPlan } from '@spillway/shared/runtime/bulk/paths.ts';
import { planFile } from '@spillway/shared/runtime/bulk/plan.ts';
import { targetOf } from '@spillway/shared/runtime/bulk/target.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { openerOf } from '@spillway/shared/runtime/lane/uploads.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { s3Requests } from '@spillway/shared/runtime/s3-requests.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';

const { UPLOAD_BUCKET, PAYLOAD_BUCKET } = environment({ UPLOAD_BUCKET: z.string(), PAYLOAD_BUCKET: z.string() });
const payloads = objects(PAYLOAD_BUCKET);
const open = openerOf(s3Requests(UPLOAD_BUCKET));

const plan: RunStepOf<typeof bulkSubmit, SharedPlan> = async ({ type, upload, ratePerSecond }, job) => {
  const jobType = await targetOf(type);
  const { stream, etag } = await openUpload(job, upload, { open });
  const { chunks, senders, lines } = await planFile({ jobType, ratePerSecond, stream });
  const key = chunksKey(job);
  await payloads.put(key, JSON.stringify(chunks), 'application/json');
  return { type, upload, etag, chunksKey: key, senders, lines, perSecond: ratePerSecond / senders };
};

export const handler = step(plan);
