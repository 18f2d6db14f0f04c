import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { laneUrls } from '@spillway/shared/runtime/lane/lane-urls.ts';
import { type NewMessage, sendAll } from '@spillway/shared/runtime/lane/send-all.ts';
import { Answer } from './light-function.ts';

/** Sends a message into the lane of a job type that only the platform submits. @throws if it is not there for certain */
export type SendToLane = (message: NewMessage) => Promise<void>;

/** @param lanesArn the ARN of a lane, up to its name */
export function platformLane(type: JobType['name'], lanesArn: string, stage: string): SendToLane {
  const queue = sqs();
  const lane = laneUrls(lanesArn, stage)({ name: type, lane: { kind: 'standard' } });
  return async (message) => {
    const [failure] = await sendAll(queue, lane, [message]);
    if (failure) throw new Error(`the lane of ${type} did not take the job: ${failure}`);
  };
}

/** A job of the platform: the tenant that it belongs to, and who asked for it. */
export interface PlatformJob {
  tenant: string;
  jobId: string;
  input: unknown;
  /** The id of the request that asked for it. */
  requestId: string;
  /** The path below which the job can be read. */
  path: string;
}

/** Submits a job of the platform. @returns the 202 with the link to it */
export async function submitPlatformJob(
  { tenant, jobId, input, requestId, path }: PlatformJob,
  send: SendToLane,
  now: Date,
): Promise<Answer> {
  const acceptedAt = String(now.getTime());
  await send({
    body: JSON.stringify(input),
    attributes: { tenant, acceptedAt, requestId, jobId },
    groupId: tenant,
  });
  const self = `${path}/${jobId}?acceptedAt=${acceptedAt}`;
  return new Answer(202, { jobId, status: 'QUEUED', links: { self } }, { location: self });
}
