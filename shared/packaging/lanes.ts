import type { JobType } from '../contracts/job-type.ts';
import { deadLetterName, laneName, laneOf } from '../contracts/lane.ts';
import { NOT_LANES } from '../contracts/names.ts';
import { arnOf, HOLDS_DATA, type Stack, sub } from './cloudformation.ts';
import { pascalCase } from './job-types.ts';
import { encryptedQueue, queuePolicy } from './queues.ts';

export const STAGE = '${sls:stage}';
/** How long the reader of the dead-letter queues may run. It is over before the next run, which is four minutes later. */
export const DEAD_LETTER_READER_SECONDS = 180;
/** Longer than the reader runs, and over before its next run, which tries again what it could not handle. */
const DEAD_LETTER_VISIBILITY_SECONDS = 210;

/** The logical ids of a job type's queues. */
export const laneId = ({ name }: Pick<JobType, 'name'>) => `${pascalCase(name)}Lane`;
export const deadLettersId = ({ name }: Pick<JobType, 'name'>) => `${pascalCase(name)}DeadLetters`;

/** The outputs with which the front door finds a job type's lane. */
const laneOutputs = (jobType: Pick<JobType, 'name'>) => ({
  name: `${laneId(jobType)}Name`,
  arn: `${laneId(jobType)}Arn`,
});

/** The lane of a job type, made from its contract: the queue, its dead-letter queue, their policy and the outputs. */
export function lane(jobType: JobType): Required<Stack> {
  const { visibilityTimeoutSeconds, maximumMessageBytes, maxReceiveCount, retentionSeconds } = laneOf(jobType);
  const name = laneName(jobType, STAGE);
  const deadLetter = deadLetterName(jobType, STAGE);
  const outputs = laneOutputs(jobType);
  const queue = (QueueName: string, properties: Record<string, unknown>) => ({
    ...encryptedQueue({
      QueueName,
      MessageRetentionPeriod: retentionSeconds,
      ...(jobType.lane.kind === 'ordered' && FIFO),
      ...properties,
    }),
    ...HOLDS_DATA,
  });
  return {
    Resources: {
      [laneId(jobType)]: queue(name, {
        VisibilityTimeout: visibilityTimeoutSeconds,
        MaximumMessageSize: maximumMessageBytes,
        RedrivePolicy: { deadLetterTargetArn: arnOf(deadLettersId(jobType)), maxReceiveCount },
      }),
      [deadLettersId(jobType)]: queue(deadLetter, {
        VisibilityTimeout: DEAD_LETTER_VISIBILITY_SECONDS,
        RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn(name)] },
      }),
      [`${laneId(jobType)}Policy`]: queuePolicy(
        [laneId(jobType), deadLettersId(jobType)],
        [queueArn(name), queueArn(deadLetter)],
      ),
    },
    Outputs: {
      [outputs.name]: { Value: { 'Fn::GetAtt': [laneId(jobType), 'QueueName'] } },
      [outputs.arn]: { Value: arnOf(laneId(jobType)) },
    },
  };
}

const FIFO = {
  FifoQueue: true,
  // two equal bodies are two jobs; the front door sends a deduplication id with each message
  ContentBasedDeduplication: false,
  // high throughput: 300 calls a second per group instead of per queue; this also requires deduplication by group
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

/** The ARN of a job type's lane as a literal, also of another service's. */
export const laneArn = (jobType: JobType) =>
  `arn:\${param:partition}:sqs:\${aws:region}:\${self:custom.accountId}:${laneName(jobType, STAGE)}`;

/** The ARN of a job type's dead-letter queue as a literal, for the environment of its reader. */
export const deadLettersArn = (jobType: JobType) =>
  `arn:\${param:partition}:sqs:\${aws:region}:\${self:custom.accountId}:${deadLetterName(jobType, STAGE)}`;

/** The ARNs of the queues of a stage that are named like lanes and are none. */
export const NOT_LANE_ARNS = NOT_LANES.map(
  (name) => `arn:\${param:partition}:sqs:\${aws:region}:\${self:custom.accountId}:spillway-${STAGE}-${name}`,
);

/** Made from the queue's name, because the queues refer to each other and CloudFormation refuses circular references. */
const queueArn = (queue: string) => sub(`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${queue}`);
