const { deadLetterName, laneName, laneOf } = require('@spillway/shared/contracts/lane.ts');
const { jobTypesOf, pascalCase } = require('@spillway/shared/packaging/job-types.ts');
const { crashAlarm, laneAlarms } = require('./lane-alarms.cjs');

const STAGE = '$' + '{sls:stage}';
/** The DLQ's consumer runs at most 60 s; what it could not place is seen again soon after. */
const DEAD_LETTER_VISIBILITY_SECONDS = 90;

/** Every lane of this service, from the contracts: queue, DLQ, policies, alarms and outputs; and the alarm of their DLQs' reader. */
module.exports = () => {
  const parts = jobTypesOf('processing').map(lanePart);
  return {
    Resources: Object.assign(
      { OnDeadLetterCrashAlarm: crashAlarm('on-dead-letter') },
      ...parts.map(({ resources }) => resources),
    ),
    Outputs: Object.assign({}, ...parts.map(({ outputs }) => outputs)),
  };
};

function lanePart(jobType) {
  const id = pascalCase(jobType.name);
  const lane = laneOf(jobType);
  const name = laneName(jobType, STAGE);
  const deadLetter = deadLetterName(jobType, STAGE);
  const fifo = jobType.lane.kind === 'ordered' && {
    FifoQueue: true,
    // two equal bodies are two jobs; the front door sends a deduplication id with each
    ContentBasedDeduplication: false,
    // high throughput: 300 calls a second for each group instead of for the queue, and so deduplication by group, too
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
  const common = { MessageRetentionPeriod: lane.retentionSeconds, SqsManagedSseEnabled: true, ...fifo };
  return {
    resources: {
      [`${id}Lane`]: {
        Type: 'AWS::SQS::Queue',
        ...retained,
        Properties: {
          QueueName: name,
          ...common,
          VisibilityTimeout: lane.visibilityTimeoutSeconds,
          MaximumMessageSize: lane.maximumMessageBytes,
          RedrivePolicy: { deadLetterTargetArn: arnOf(`${id}DeadLetters`), maxReceiveCount: lane.maxReceiveCount },
        },
      },
      [`${id}DeadLetters`]: {
        Type: 'AWS::SQS::Queue',
        ...retained,
        Properties: {
          QueueName: deadLetter,
          ...common,
          VisibilityTimeout: DEAD_LETTER_VISIBILITY_SECONDS,
          RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [literalArn(name)] },
        },
      },
      [`${id}LanePolicy`]: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: `${id}Lane` }, { Ref: `${id}DeadLetters` }],
          PolicyDocument: tlsOnly(name, deadLetter),
        },
      },
      ...laneAlarms(jobType),
    },
    outputs: {
      [`${id}LaneName`]: { Value: { 'Fn::GetAtt': [`${id}Lane`, 'QueueName'] } },
      [`${id}LaneArn`]: { Value: arnOf(`${id}Lane`) },
    },
  };
}

const retained = {
  DeletionPolicy: '$' + '{param:deletionPolicy}',
  UpdateReplacePolicy: '$' + '{param:deletionPolicy}',
};

const arnOf = (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const literalArn = (queue) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${queue}` });

const tlsOnly = (...queues) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: queues.map(literalArn),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
