import { EVENT_SOURCE } from '@spillway/shared/contracts/events/job-event.ts';
import { waitingMessagesAlarm } from '@spillway/shared/packaging/alarms.ts';
import { arnOf, type Resource, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';
import { encryptedQueue, fromRule, queuePolicy } from '@spillway/shared/packaging/queues.ts';

/** The inspection queue is for looking at events, not for keeping them. */
const HOUR_SECONDS = 3600;
/** The longest time that SQS keeps a message. */
const FORTNIGHT_SECONDS = 1_209_600;

const queue = (name: string, MessageRetentionPeriod: number): Resource =>
  encryptedQueue({ QueueName: `spillway-\${sls:stage}-${name}`, MessageRetentionPeriod });

/** Lets the rule `CatchAll` send to a queue. */
const policyOf = (id: string): Resource => queuePolicy([id], arnOf(id), fromRule(arnOf(id), arnOf('CatchAll')));

/** Catches every event, so that people and tests can see what was published. */
export const inspection: Stack = {
  Resources: {
    InspectionQueue: queue('events-inspection', HOUR_SECONDS),
    InspectionQueuePolicy: policyOf('InspectionQueue'),
    CatchAll: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: ref('Bus'),
        EventPattern: { source: [EVENT_SOURCE] },
        Targets: [
          {
            Id: 'inspection',
            Arn: arnOf('InspectionQueue'),
            RetryPolicy: {
              // as long as the queue keeps messages
              MaximumEventAgeInSeconds: HOUR_SECONDS,
              // EventBridge's own default
              MaximumRetryAttempts: 185,
            },
            DeadLetterConfig: { Arn: arnOf('UndeliveredEvents') },
          },
        ],
      },
    },
    UndeliveredEvents: queue('events-undelivered', FORTNIGHT_SECONDS),
    UndeliveredEventsPolicy: policyOf('UndeliveredEvents'),
    // nothing reads this queue: messages stay until a person looks
    UndeliveredAlarm: waitingMessagesAlarm(
      { 'Fn::GetAtt': ['UndeliveredEvents', 'QueueName'] },
      {
        description: 'The bus could not deliver an event to the inspection queue: docs/runbooks/stream-behind.md',
        periodSeconds: 300,
        topic: provided('AlarmTopicArn'),
      },
    ),
  },
  Outputs: { InspectionQueueUrl: { Value: ref('InspectionQueue') } },
};
