import cancelJobs from '@spillway/shared/contracts/jobs/cancel-jobs.ts';
import { jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { jobMatches } from '@spillway/shared/job-store/matches.ts';
import { cancellations } from '@spillway/shared/runtime/cancel/run.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { laneObserver } from '@spillway/shared/runtime/observers.ts';
import * as z from 'zod/mini';

const { JOBS_TABLE, PAYLOAD_BUCKET } = environment({ JOBS_TABLE: z.string(), PAYLOAD_BUCKET: z.string() });
const table = dynamo();

export const handler = consumer(
  cancelJobs,
  cancellations({
    matches: jobMatches(table, JOBS_TABLE),
    cancels: jobCancels(table, JOBS_TABLE),
    payloads: objects(PAYLOAD_BUCKET),
    observerFor: laneObserver,
    now: () => new Date(),
  }),
);
