import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { STAGE } from '@spillway/engine/engine-environment.ts';
import { isSettled, type JobStatus, LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { deadLetterName, laneName } from '@spillway/shared/contracts/lane.ts';
import { goesOnAlone } from '@spillway/shared/contracts/run-kinds.ts';
import { patiently } from './patiently.ts';
import type { AcceptedJob } from './send.ts';

/** Where the accepted jobs of a burst are. The three numbers add up to all of them. */
export interface Whereabouts {
  /** They have an outcome. */
  settled: number;
  /** They are waiting or running, and will have one. */
  unfinished: number;
  /** They are in no place. Must be 0. */
  lost: number;
}

export interface Search {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  accepted: readonly AcceptedJob[];
  /** The bucket for failed and parked jobs. */
  archive: string;
  /** When the burst began. */
  since: Date;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Finds out where accepted jobs are, through the public API and, for those without an outcome, in the lanes. */
export async function locate({ door, jobTypes, accepted, archive, since }: Search): Promise<Whereabouts> {
  const all: Whereabouts = { settled: 0, unfinished: 0, lost: 0 };
  const inFiles = await linesOfOpenFiles(door, accepted);
  for (const jobType of jobTypes) {
    const ids = accepted.filter(({ type }) => type === jobType.name).map(({ jobId }) => jobId);
    // before the list is read: a job that settles in between has no message any more
    const kept = (await countMessages(jobType)) + (await countParked(archive, jobType, since));
    const { settled, underWay } = await listJobs(door, jobType);
    const open = ids.filter((id) => !settled.has(id)).length;
    // the message of a job that waits for its time, or goes on without its consumer, is deleted; a line may have none yet
    const alone = ids.filter(
      (id) =>
        underWay.get(id) === 'SCHEDULED' ||
        (goesOnAlone(jobType) && underWay.has(id)) ||
        (inFiles.has(id) && !settled.has(id)),
    );
    // a job without an outcome has its message: running or waiting in its lane, given up by it, or parked
    const lost = Math.max(0, open - kept - alone.length);
    all.settled += ids.length - open;
    all.unfinished += open - lost;
    all.lost += lost;
  }
  return all;
}

/** The ids of the lines of files whose jobs have no outcome. When they have one, all lines are in their lanes. */
async function linesOfOpenFiles(door: FrontDoor, accepted: readonly AcceptedJob[]): Promise<Set<string>> {
  const open = new Set<string>();
  for (const file of new Set(accepted.flatMap((job) => job.file ?? []))) {
    const { status, body } = await door.job(bulkSubmit.name, file);
    if (status === 200 && isSettled(body.status)) continue;
    for (const line of accepted.filter((job) => job.file === file)) open.add(line.jobId);
  }
  return open;
}

/** How many messages a lane and its dead-letter queue have. */
async function countMessages(jobType: JobType): Promise<number> {
  const sqs = new SQSClient({});
  let count = 0;
  for (const name of [laneName(jobType, STAGE), deadLetterName(jobType, STAGE)]) {
    const QueueUrl = `${process.env.AWS_ENDPOINT_URL}/000000000000/${name}`;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
    );
    for (const each of COUNTS) count += Number(Attributes[each] ?? 0);
  }
  return count;
}

/** How many messages of a job type were parked during the burst, because they name no job. */
async function countParked(Bucket: string, { name }: JobType, since: Date): Promise<number> {
  const pages = paginateListObjectsV2(
    { client: new S3Client({ forcePathStyle: true }) },
    { Bucket, Prefix: `parked/${name}/` },
  );
  let count = 0;
  for await (const { Contents = [] } of pages) {
    count += Contents.filter(({ LastModified = since }) => LastModified >= since).length;
  }
  return count;
}

/** Pages through a list. @returns the ids of all jobs with an outcome, and the status of each that has a row and no outcome */
async function listJobs(door: FrontDoor, { name }: JobType) {
  const [settled, underWay] = [new Set<string>(), new Map<string, JobStatus>()];
  let cursor: string | undefined;
  do {
    const query = { limit: String(LONGEST_PAGE), ...(cursor && { cursor }) };
    const { body } = await patiently(`the list of ${name} jobs`, 200, () => door.jobs(name, query));
    for (const { jobId, status } of body.jobs) {
      if (isSettled(status)) settled.add(jobId);
      else underWay.set(jobId, status);
    }
    cursor = body.cursor;
  } while (cursor);
  return { settled, underWay };
}
