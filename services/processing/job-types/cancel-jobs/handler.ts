import cancelJobs from '@spillway/shared/contracts/jobs/cancel-jobs.ts';
import { jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { jobMatches } from '@spillway/shared/job-store/matches.ts';
import { sqs, standardWorkflows } from '@spillway/shared/runtime/aws.ts';
import { cancelling } from '@spillway/shared/runtime/cancel/cancel.ts';
import { cancellations } from '@spillway/shared/runtime/cancel/run.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { laneObserver } from '@spillway/shared/runtime/observers.ts';
import { stopping } from '@spillway/shared/runtime/workflow/stop.ts';
import { executionArn } from '@spillway/shared/runtime/workflow/workflow.ts';
import * as z from 'zod/mini';

const { JOBS_TABLE, PAYLOAD_BUCKET, EXECUTIONS_ARN, STAGE, DUE_QUEUE_ARN, FIRST_LOOK_SECONDS } = environment({
  JOBS_TABLE: z.string(),
  PAYLOAD_BUCKET: z.string(),
  EXECUTIONS_ARN: z.string(),
  STAGE: z.string(),
  DUE_QUEUE_ARN: z.string(),
  FIRST_LOOK_SECONDS: z.coerce.number(),
});
const table = dynamo();

export const handler = consumer(
  cancelJobs,
  cancellations({
    matches: jobMatches(table, JOBS_TABLE),
    cancel: cancelling({
      cancels: jobCancels(table, JOBS_TABLE),
      stop: stopping(standardWorkflows(), executionArn(EXECUTIONS_ARN, STAGE)),
      due: dueQueue(sqs(), DUE_QUEUE_ARN),
      firstLookSeconds: FIRST_LOOK_SECONDS,
      logger,
    }),
    payloads: objects(PAYLOAD_BUCKET),
    observerFor: laneObserver,
    now: () => new Date(),
  }),
);
