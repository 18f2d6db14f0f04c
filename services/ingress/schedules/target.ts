import { FIRING_ATTRIBUTE, firingOf } from '@spillway/shared/contracts/firing.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneName } from '@spillway/shared/contracts/lane.ts';
import { messageGroup } from '@spillway/shared/contracts/submit-attributes.ts';
import { queueUrlOf } from '@spillway/shared/runtime/aws.ts';

/** What a schedule sends at each of its times. */
export interface ScheduledJob {
  tenant: string;
  /** The schedule's name. */
  name: string;
  jobType: JobType;
  /** The input's JSON text, as the client wrote it. */
  inputText: string;
}

/** The parameters of SQS's SendMessage as Scheduler passes them on. */
interface SendMessage {
  QueueUrl: string;
  MessageBody: string;
  MessageAttributes: Record<'tenant' | typeof FIRING_ATTRIBUTE, { DataType: 'String'; StringValue: string }>;
  MessageGroupId: string;
  MessageDeduplicationId?: string;
}

/**
 * The input of a schedule's target, Scheduler's universal target `sqs:sendMessage`. It makes the message that the front door
 * would have sent.
 *
 * @param queueArns the beginning of the ARN of every queue of the stage
 */
export function targetInput({ tenant, name, jobType, inputText }: ScheduledJob, stage: string, queueArns: string) {
  const { lane } = jobType;
  const parameters: SendMessage = {
    QueueUrl: queueUrlOf(`${queueArns}${laneName(jobType, stage)}`),
    MessageBody: withoutKeywords(inputText),
    MessageAttributes: { tenant: text(tenant), [FIRING_ATTRIBUTE]: text(firingOf(name)) },
    MessageGroupId: messageGroup(jobType, tenant, JSON.parse(inputText)),
    // of each attempt at sending it; a repeated message is the same job, whatever SQS does with it
    ...(lane.kind === 'ordered' && { MessageDeduplicationId: '<aws.scheduler.execution-id>' }),
  };
  return JSON.stringify(parameters);
}

const text = (StringValue: string) => ({ DataType: 'String' as const, StringValue });

/** Scheduler replaces its keywords wherever they are. In JSON, `<` can only be in a string, so it can be escaped. */
const withoutKeywords = (json: string) => json.replaceAll('<', '\\u003c');

/** The job that a target sends; the inverse of {@link targetInput}. */
export function readTarget(input: string): { tenant: string; inputText: string } {
  const { MessageBody, MessageAttributes }: SendMessage = JSON.parse(input);
  return { tenant: MessageAttributes.tenant.StringValue, inputText: MessageBody };
}
