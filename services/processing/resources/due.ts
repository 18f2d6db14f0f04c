import { alarm } from '@spillway/shared/packaging/alarms.ts';
import { ref, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';
import { functionMetric, IN_A_QUARTER_OF_AN_HOUR, serviceMetric } from '@spillway/shared/packaging/lane-alarms.ts';
import { DUE_QUEUE } from '@spillway/shared/packaging/places.ts';
import { encryptedQueue, queuePolicy } from '@spillway/shared/packaging/queues.ts';

/** on-due runs for at most 60 s. */
const VISIBILITY_SECONDS = 120;
/** A delay of up to 180 s, and a few tries. After that, the tick has sent the same references again. */
const RETENTION_SECONDS = 15 * 60;

/**
 * The queue of references to jobs that fall due. It needs no dead-letter queue: a reference is only a hint. What could not be
 * handled is still in the due index, where every tick finds it, sends it again and counts it for the alarm
 * (docs/decisions/2026-11-27-due-jobs-wait-in-the-table.md).
 */
export const due: Stack = {
  Resources: {
    DueQueue: encryptedQueue({
      QueueName: DUE_QUEUE,
      MessageRetentionPeriod: RETENTION_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
    }),
    DueQueuePolicy: queuePolicy(
      ['DueQueue'],
      sub(`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${DUE_QUEUE}`),
    ),
    OverdueAlarm: alarm({
      description: 'Jobs or their deadlines have been overdue for five minutes: docs/runbooks/overdue.md',
      metric: serviceMetric('processing', 'Overdue', 'Maximum'),
      trigger: { periodSeconds: 60, periods: 5, above: 0 },
      topic: ref('AlarmTopic'),
    }),
    // only the tick finds what is overdue
    TickCrashAlarm: alarm({
      description:
        'The function every-minute crashed or did not run for a quarter of an hour: docs/runbooks/overdue.md',
      metric: functionMetric('processing', 'every-minute', 'Errors'),
      // it runs each minute
      trigger: { ...IN_A_QUARTER_OF_AN_HOUR, missing: 'breaching' },
      topic: ref('AlarmTopic'),
    }),
  },
};
