import { waitingMessagesAlarm } from '@spillway/shared/packaging/alarms.ts';
import {
  allow,
  arnOf,
  HOLDS_DATA,
  policyDocument,
  ref,
  type Stack,
  sub,
} from '@spillway/shared/packaging/cloudformation.ts';
import { STAGE } from '@spillway/shared/packaging/lanes.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';
import { encryptedQueue, queuePolicy } from '@spillway/shared/packaging/queues.ts';
import { scheduleGroup } from '@spillway/shared/runtime/schedule-names.ts';
import type { LaneReference } from './provided-lanes.ts';

/** The names that the functions for schedules need; they are literal, so that a function can be invoked locally. */
const GROUP = scheduleGroup(STAGE);
const DEAD_LETTERS = `spillway-${STAGE}-schedules-dlq`;
/** With the region, because the names of roles are the same in all regions. */
const ROLE = `spillway-${STAGE}-\${aws:region}-schedules`;
const ACCOUNT = '${self:custom.accountId}';
const PARTITION = '${param:partition}';

/** SQS keeps a message for at most 14 days: time for a person to read the alarm. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** For the environment and the rights of the functions for schedules. */
export const SCHEDULE_CUSTOM = {
  scheduleGroup: GROUP,
  schedulesArn: `arn:${PARTITION}:scheduler:\${aws:region}:${ACCOUNT}:schedule/${GROUP}/*`,
  scheduleRoleArn: `arn:${PARTITION}:iam::${ACCOUNT}:role/${ROLE}`,
  scheduleDeadLetterArn: `arn:${PARTITION}:sqs:\${aws:region}:${ACCOUNT}:${DEAD_LETTERS}`,
  scheduleTargetArn: `arn:${PARTITION}:scheduler:::aws-sdk:sqs:sendMessage`,
  queueArns: `arn:${PARTITION}:sqs:\${aws:region}:${ACCOUNT}:`,
};

/**
 * Where EventBridge Scheduler keeps the tenants' schedules, and what it may do: send messages to the lanes. The group's
 * schedules go with the stack, like the user pool's callers that they act for.
 */
export const schedules = (lanes: LaneReference[]): Stack => ({
  Resources: {
    ScheduleGroup: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: GROUP } },
    ScheduleRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: ROLE,
        // only for schedules of this group
        // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'scheduler.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: {
                StringEquals: {
                  'aws:SourceAccount': ref('AWS::AccountId'),
                  'aws:SourceArn': sub(
                    `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule-group/${GROUP}`,
                  ),
                },
              },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'send',
            PolicyDocument: policyDocument(
              allow('sqs:SendMessage', ...lanes.map(({ queueArn }) => queueArn), arnOf('ScheduleDeadLetters')),
            ),
          },
        ],
      },
    },
    ScheduleDeadLetters: {
      ...encryptedQueue({ QueueName: DEAD_LETTERS, MessageRetentionPeriod: RETENTION_SECONDS }),
      ...HOLDS_DATA,
    },
    ScheduleDeadLettersPolicy: queuePolicy(['ScheduleDeadLetters'], arnOf('ScheduleDeadLetters')),
    ScheduleDeadLetterAlarm: waitingMessagesAlarm(DEAD_LETTERS, {
      description: 'A schedule could not submit its job for a day: docs/runbooks/schedules.md',
      periodSeconds: 300,
      topic: provided('AlarmTopicArn'),
    }),
  },
});
