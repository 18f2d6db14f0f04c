import { alarm } from '@spillway/shared/packaging/alarms.ts';
import type { Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { serviceMetric } from '@spillway/shared/packaging/lane-alarms.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';
import { encryptedQueue, queuePolicy } from '@spillway/shared/packaging/queues.ts';

export const PUSH_QUEUE = 'spillway-${sls:stage}-push.fifo';
/** A literal, because we choose the name. */
export const PUSH_QUEUE_ARN = `arn:\${param:partition}:sqs:\${aws:region}:\${self:custom.accountId}:${PUSH_QUEUE}`;

/** Clients have caught up by then: the client library does so every five minutes. */
const RETENTION_SECONDS = 300;
/** on-push runs for at most 30 s. */
const VISIBILITY_SECONDS = 60;

/** Events for many connections. It needs no dead-letter queue: what was not pushed in five minutes is old news. */
export const pushQueue: Stack = {
  Resources: {
    PushQueue: encryptedQueue({
      QueueName: PUSH_QUEUE,
      FifoQueue: true,
      // one group per part of a target, each with its own limit
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      MessageRetentionPeriod: RETENTION_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
    }),
    PushQueuePolicy: queuePolicy(['PushQueue'], PUSH_QUEUE_ARN),
    PushLateAlarm: alarm({
      description: 'Events reach the many clients of a tenant late, or not at all: docs/runbooks/push.md',
      metric: {
        namespace: 'AWS/SQS',
        name: 'ApproximateAgeOfOldestMessage',
        dimensions: { QueueName: PUSH_QUEUE },
        statistic: 'Maximum',
      },
      // events should take a second; after five minutes they are deleted
      trigger: { periodSeconds: 60, periods: 3, above: 30 },
      topic: provided('AlarmTopicArn'),
    }),
    PushesFailedAlarm: alarm({
      description: 'Events could not be pushed to the clients of the socket: docs/runbooks/push.md',
      metric: serviceMetric('streams', 'PushesFailed'),
      // a single one can be an accident, which clients catch up on
      trigger: { periodSeconds: 300, periods: 3, above: 0 },
      topic: provided('AlarmTopicArn'),
    }),
  },
};
