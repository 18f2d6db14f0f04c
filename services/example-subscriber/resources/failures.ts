import type { EventType } from '@spillway/shared/contracts/events/event-types.ts';
import { EVENT_SOURCE } from '@spillway/shared/contracts/events/job-event.ts';
import { waitingMessagesAlarm } from '@spillway/shared/packaging/alarms.ts';
import { arnOf, HOLDS_DATA, type Resource, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { encryptedQueue, fromRule, queuePolicy } from '@spillway/shared/packaging/queues.ts';

const DAY_SECONDS = 86_400;
/** Six times the function's timeout, as Lambda advises for a queue (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const VISIBILITY_SECONDS = 180;
/** What this team acts on. */
const FAILURES: EventType[] = ['job.failed', 'job.expired'];

/** Lets the rule send to a queue. */
const policyOf = (id: string): Resource => queuePolicy([id], arnOf(id), fromRule(arnOf(id), arnOf('FailuresRule')));

/**
 * A rule of this team's own on the platform's bus, with a queue of its own: if its function is down, the events wait here and
 * hold up nobody else. What cannot be delivered or handled goes to its own dead-letter queue, with an alarm.
 */
export const failures: Stack = {
  Resources: {
    FailuresRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'spillway-${sls:stage}-example-failures',
        EventBusName: '${self:custom.bus}',
        EventPattern: { source: [EVENT_SOURCE], 'detail-type': FAILURES },
        Targets: [
          {
            Id: 'failures',
            Arn: arnOf('Failures'),
            // the event without EventBridge's envelope
            InputPath: '$.detail',
            DeadLetterConfig: { Arn: arnOf('FailureDeadLetters') },
          },
        ],
      },
    },
    Failures: encryptedQueue({
      QueueName: 'spillway-${sls:stage}-example-failures',
      MessageRetentionPeriod: 4 * DAY_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
      RedrivePolicy: { deadLetterTargetArn: arnOf('FailureDeadLetters'), maxReceiveCount: 5 },
    }),
    FailuresPolicy: policyOf('Failures'),
    FailureDeadLetters: {
      ...encryptedQueue({
        QueueName: 'spillway-${sls:stage}-example-failures-dead',
        // the longest that SQS keeps a message
        MessageRetentionPeriod: 14 * DAY_SECONDS,
      }),
      ...HOLDS_DATA,
    },
    FailureDeadLettersPolicy: policyOf('FailureDeadLetters'),
    FailureDeadLettersAlarm: waitingMessagesAlarm(
      { 'Fn::GetAtt': ['FailureDeadLetters', 'QueueName'] },
      {
        description: 'A failure could not be handled: services/example-subscriber/README.md',
        periodSeconds: 300,
        topic: '${self:custom.alarmTopic}',
      },
    ),
  },
};
