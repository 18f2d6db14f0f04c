import {
  GetEventSourceMappingCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { deadLetterName, laneName } from '@spillway/shared/contracts/lane.ts';
import { type Context, pause, until } from './context.ts';

const sqs = () => new SQSClient();

/** The consumer of a job type. */
export const consumerOf = ({ name, service }: JobType, { stage }: Pick<Context, 'stage'>) =>
  `${service}-${stage.name}-${name}`;

/** How many messages are in a lane, or in its dead-letter queue, in flight and delayed ones included. */
export async function countMessages(context: Pick<Context, 'stage'>, jobType: JobType, dead = false): Promise<number> {
  const QueueName = (dead ? deadLetterName : laneName)(jobType, context.stage.name);
  const { QueueUrl } = await sqs().send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return (['', 'NotVisible', 'Delayed'] as const)
    .map((state) => Number(Attributes[`ApproximateNumberOfMessages${state}`] ?? 0))
    .reduce((sum, count) => sum + count, 0);
}

/** A lane whose consumer gets nothing. */
export interface PausedLane {
  url: string;
  /** Takes one of the probe's own messages out of the lane. @throws Error if it does not arrive in time */
  take(id: string): Promise<Message>;
  /**
   * Finds one of the probe's own messages and leaves it in the lane.
   *
   * @param seconds how long it may be delayed
   * @throws Error if it does not arrive in time
   */
  find(id: string, seconds: number): Promise<Message>;
  resume(): Promise<void>;
}

/** How long a message may take to arrive in its lane, which usually takes milliseconds. */
const ARRIVES_WITHIN_SECONDS = 60;
/** Polls that were under way when the event source was switched off may last as long as a long poll. */
const LAST_POLLS_SECONDS = 20;

/** Switches the event source of a lane off, until the clean-up or `resume`. */
export async function pauseLane(context: Context, jobType: JobType): Promise<PausedLane> {
  const lambda = new LambdaClient();
  const queue = laneName(jobType, context.stage.name);
  const UUID = await eventSourceOf(lambda, consumerOf(jobType, context), queue);
  const switchTo = async (Enabled: boolean) => {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    const state = Enabled ? 'Enabled' : 'Disabled';
    // not stopped by Ctrl-C, because the clean-up needs it
    const patient = { ...context, signal: new AbortController().signal };
    await until(patient, `the event source of ${queue} to be ${state}`, 300, async () => {
      const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return State === state;
    });
  };
  const resume = context.cleanUp.add(`switch the event source of ${queue} on`, () => switchTo(true));
  await switchTo(false);
  if (!context.endpoint) await pause(context, LAST_POLLS_SECONDS);

  const { QueueUrl: url = '' } = await sqs().send(new GetQueueUrlCommand({ QueueName: queue }));
  const show = (ReceiptHandle: string | undefined) =>
    sqs().send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }));

  async function find(id: string, delaySeconds = 0): Promise<Message> {
    return until(context, `the message of ${id}`, delaySeconds + ARRIVES_WITHIN_SECONDS, async () => {
      const { Messages = [] } = await sqs().send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          VisibilityTimeout: 30,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      const found = Messages.find((message) => isOf(message, id, context.tenant.clientId));
      // everybody else's message goes back
      await Promise.all(Messages.filter((each) => each !== found).map(({ ReceiptHandle }) => show(ReceiptHandle)));
      return found;
    });
  }

  return {
    url,
    resume,
    async find(id, seconds) {
      const message = await find(id, seconds);
      await show(message.ReceiptHandle);
      return message;
    },
    async take(id) {
      const message = await find(id);
      await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
      return message;
    },
  };
}

/** A job's id is its attribute, or else its first message's. */
const isOf = ({ MessageId, MessageAttributes = {} }: Message, id: string, tenant: string) =>
  MessageAttributes.tenant?.StringValue === tenant && (MessageAttributes.jobId?.StringValue ?? MessageId) === id;

async function eventSourceOf(client: LambdaClient, FunctionName: string, queue: string): Promise<string> {
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, { FunctionName })) {
    const found = EventSourceMappings.find(({ EventSourceArn = '' }) => EventSourceArn.endsWith(`:${queue}`));
    if (found?.UUID) return found.UUID;
  }
  throw new Error(`the function ${FunctionName} has no event source ${queue}`);
}
