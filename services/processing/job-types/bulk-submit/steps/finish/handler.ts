import type { RunStep } from '@spillway/shared/attempt/job-code.ts';
import type { ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { finishFile } from '@spillway/shared/runtime/bulk/finish.ts';
import { REPORT_TYPE, refusedKey } from '@spillway/shared/runtime/bulk/paths.ts';
import type { Sent } from '@spillway/shared/runtime/bulk/send.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { creatorOf } from '@spillway/shared/runtime/lane/result-files.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { s3Requests } from '@spillway/shared/runtime/s3-requests.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';

const { PAYLOAD_BUCKET } = environment({ PAYLOAD_BUCKET: z.string() });
const payloads = objects(PAYLOAD_BUCKET);
const create = creatorOf(s3Requests(PAYLOAD_BUCKET));

const finish: RunStep<{ sent: Sent[] }, ResultOf<typeof bulkSubmit>> = ({ sent }, job) =>
  finishFile(sent, {
    read: (line) => payloads.get(refusedKey(job, line)),
    report: () => create(job, 'refused.jsonl', REPORT_TYPE),
  });

export const handler = step(finish);
