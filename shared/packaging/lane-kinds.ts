import { deadLetterName, type LaneOf, laneName } from '../contracts/lane.ts';
import { PackagingError } from './errors.ts';
import { jobTypesOf } from './job-types.ts';
import type { Serverless } from './plugin.ts';

/**
 * Refuses to deploy a lane whose kind has changed while the queue of the old kind exists. A queue can neither become FIFO
 * nor stop being FIFO: CloudFormation would create another queue, and nothing would read the jobs that are left in the
 * old one.
 */
export default class LaneKinds {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { service, provider } = serverless.service;
        const jobTypes = jobTypesOf(service);
        if (jobTypes.length === 0) return;
        // loaded only here, because packaging needs no client
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
 * Checks that no job type has a queue of the other kind.
 *
 * @param exists whether a queue with this name exists
 * @throws PackagingError for the first job type that has one
 */
export async function refuseChangedLanes(
  jobTypes: readonly LaneOf[],
  stage: string,
  exists: (queueName: string) => Promise<boolean>,
): Promise<void> {
  const found = await Promise.all(jobTypes.map((jobType) => exists(laneName(otherKind(jobType), stage))));
  const changed = jobTypes.find((_, index) => found[index]);
  if (changed) throw new PackagingError(refusal(changed, stage));
}

/** The job type with the kind of lane that it does not have. */
const otherKind = ({ name, lane }: LaneOf): LaneOf => ({
  name,
  lane: { kind: lane.kind === 'ordered' ? 'standard' : 'ordered' },
});

function refusal(jobType: LaneOf, stage: string): string {
  const { name, lane } = jobType;
  const old = otherKind(jobType);
  const queues = `${laneName(old, stage)} and ${deadLetterName(old, stage)}`;
  return (
    `the lane of ${name} cannot become ${lane.kind}: its ${old.lane.kind} queue ${laneName(old, stage)} exists, ` +
    'and nothing would read its jobs any more. ' +
    `Give the new kind of lane to a job type with another name. Or change the lane back to ${old.lane.kind}, ` +
    'set retired: true and deploy; when the queue is empty, delete the job type and deploy again; ' +
    `delete the queues ${queues} if they still exist; then add the job type with its new lane`
  );
}
