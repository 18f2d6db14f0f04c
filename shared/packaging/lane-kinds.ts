import type { JobType } from '../contracts/job-type.ts';
import { deadLetterName, laneName } from '../contracts/lane.ts';
import { PackagingError } from './errors.ts';
import { jobTypesOf } from './job-types.ts';
import type { Serverless } from './plugin.ts';

/**
 * Refuses to deploy a lane whose kind changed while the queue of the other kind exists. A queue cannot become FIFO, or cease to
 * be: CloudFormation would make another one, and nothing would read the jobs that are left in the first.
 */
export default class LaneKinds {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { service, provider } = serverless.service;
        const jobTypes = jobTypesOf(service);
        if (jobTypes.length === 0) return;
        // loaded here only: packaging needs no client
        const { SQSClient, GetQueueUrlCommand, QueueDoesNotExist } = await import('@aws-sdk/client-sqs');
        const client = new SQSClient(await serverless.getProvider('aws').getAwsSdkV3Config());
        const exists = async (QueueName: string) => {
          try {
            await client.send(new GetQueueUrlCommand({ QueueName }));
            return true;
          } catch (error) {
            if (error instanceof QueueDoesNotExist) return false;
            throw error;
          }
        };
        await refuseChangedLanes(jobTypes, provider.stage, exists);
      },
    };
  }
}

/**
 * @param exists whether there is a queue of that name
 * @throws PackagingError for the first job type whose other kind of queue exists
 */
export async function refuseChangedLanes(
  jobTypes: readonly Pick<JobType, 'name' | 'lane'>[],
  stage: string,
  exists: (queueName: string) => Promise<boolean>,
): Promise<void> {
  const found = await Promise.all(jobTypes.map((jobType) => exists(laneName(otherKind(jobType), stage))));
  const changed = jobTypes.find((_, index) => found[index]);
  if (changed) throw new PackagingError(refusal(changed, stage));
}

/** The job type with the kind of lane that it does not have. */
const otherKind = ({ name, lane }: Pick<JobType, 'name' | 'lane'>): Pick<JobType, 'name' | 'lane'> => ({
  name,
  lane: lane.kind === 'ordered' ? { kind: 'standard' } : { kind: 'ordered', orderKey: '' },
});

function refusal(jobType: Pick<JobType, 'name' | 'lane'>, stage: string): string {
  const { name, lane } = jobType;
  const old = otherKind(jobType);
  const queues = `${laneName(old, stage)} and ${deadLetterName(old, stage)}`;
  return (
    `the lane of ${name} cannot become ${lane.kind}: its ${old.lane.kind} queue ${laneName(old, stage)} exists, ` +
    'and nothing would read the jobs in it any more. ' +
    `Either give the new kind of lane to a job type of another name. Or set the lane back to ${old.lane.kind}, ` +
    'add retired: true, and deploy; when the queue is empty, delete the job type and deploy; ' +
    `delete the queues ${queues} if they are still there; then add the job type with its new lane`
  );
}
