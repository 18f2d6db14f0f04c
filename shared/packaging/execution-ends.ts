import type { JobType } from '../contracts/job-type.ts';
import { waitingMessagesAlarm } from './alarms.ts';
import { arnOf, type Stack, sub } from './cloudformation.ts';
import { STAGE } from './lanes.ts';
import { encryptedQueue, fromRule, queuePolicy } from './queues.ts';
import { workflowArn } from './workflows.ts';

/**
 * The logical id of the queue that receives what could not be delivered or handled about the ends of executions.
 *
 * It does not settle their jobs: the due index has each looked at within a day (attempt/looks.ts). But a look finds an end
 * without anybody learning that its event was lost, and fails by the same defect as the handling of the event. The queue raises
 * an alarm at once, and keeps the event with the error.
 */
export const LOST_ENDS = 'LostEnds';

/** Long enough to look into it after a weekend. */
const KEPT_SECONDS = 4 * 24 * 60 * 60;

/**
 * The event source by which a durable job type's consumer learns that an execution has ended. Step Functions sends these events to
 * the default bus on a best-effort basis
 * (https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-states.html), so they cannot be all: the consumer also looks
 * at each execution.
 */
export const onExecutionEnd = (jobType: Pick<JobType, 'name'>) => ({
  eventBridge: {
    pattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: [workflowArn(jobType)],
      },
    },
    // as long and as often as EventBridge can
    retryPolicy: { maximumEventAge: 86_400, maximumRetryAttempts: 185 },
    deadLetterQueueArn: arnOf(LOST_ENDS),
  },
});

/** The queue for ends that could not be delivered or handled, with its alarm. */
export function lostEnds(service: string, topic: unknown): Stack {
  const name = `spillway-${STAGE}-${service}-lost-ends`;
  const arn = sub(`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${name}`);
  // only those of this account and service
  const rules = sub(`arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/${service}-${STAGE}-*`);
  return {
    Resources: {
      [LOST_ENDS]: encryptedQueue({ QueueName: name, MessageRetentionPeriod: KEPT_SECONDS }),
      [`${LOST_ENDS}Policy`]: queuePolicy([LOST_ENDS], arn, fromRule(arn, rules)),
      [`${LOST_ENDS}Alarm`]: waitingMessagesAlarm(name, {
        description: `The end of a workflow of ${service} could not be handled: docs/runbooks/lost-ends.md`,
        periodSeconds: 60,
        topic,
      }),
    },
  };
}
