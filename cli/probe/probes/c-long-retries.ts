import { randomUUID } from 'node:crypto';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { CannotSay } from '../cannot-say.ts';
import { expectAll, type Probe } from '../check.ts';
import { type Context, outcomeOf, type Submitted, until } from '../context.ts';
import { consumerOf, countMessages, pauseLane } from '../lane-access.ts';
import { createReceiver } from '../receiver.ts';

/** Just over 60 s, from where on the consumer sends a message again instead of changing its visibility. */
const RETRY_AFTER_SECONDS = 61;
const AGAIN = 'again';
const { maxAttempts } = webhookDelivery;
/** The first job is caught after its last but one attempt, so that its chain is as long as possible. */
const CAUGHT_AT = maxAttempts - 1;
/** Switching an event source off may take a minute, and the message must not come back before. */
const CATCHING_SECONDS = 300;
/** All attempts of a job, each with a late return. */
const JOB_SECONDS = maxAttempts * (RETRY_AFTER_SECONDS + 30) + CATCHING_SECONDS;

interface LongRetries {
  startedAt: Date;
  /** The trace header of the first job's message after its last attempt but one. */
  header: string | undefined;
  first: JobView;
  /** The job that goes on in the same chain. */
  second: JobView;
}

/**
 * One job of nine attempts is sent again eight times, fewer than the sixteen rounds that Lambda allows. So the probe takes the
 * trace header with which the first job's message came back, where Lambda counts, and sends a second job with it: the
 * chain goes on to seventeen rounds (docs/decisions/2026-11-27-the-probe-needs-no-deploy.md).
 */
async function prepare(context: Context): Promise<LongRetries> {
  const startedAt = new Date();
  const receiver = await createReceiver(context, 'long-retries', {
    [AGAIN]: { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
  const input = { ...webhookDelivery.example.input, url: receiver.urlOf(AGAIN) };
  const first = await context.tenant.submit(webhookDelivery.name, input);
  context.report(`C: job 1 is tried ${CAUGHT_AT} times, which takes about ${CAUGHT_AT} minutes, and then caught`);
  await attempted(context, first, CAUGHT_AT - 1);
  await receiver.change(AGAIN, { status: 503, retryAfterSeconds: CATCHING_SECONDS });
  await attempted(context, first, CAUGHT_AT);
  const lane = await pauseLane(context, webhookDelivery);
  await receiver.change(AGAIN, { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS });
  const message = await lane.find(first.id, CATCHING_SECONDS);
  const second: Submitted = { type: first.type, id: `probe-${randomUUID()}`, acceptedAt: String(Date.now()) };
  const header = message.Attributes?.AWSTraceHeader;
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  await new SQSClient().send(
    new SendMessageCommand({
      QueueUrl: lane.url,
      MessageBody: message.Body,
      MessageGroupId: message.Attributes?.MessageGroupId,
      MessageAttributes: {
        ...message.MessageAttributes,
        jobId: text(second.id),
        acceptedAt: text(second.acceptedAt),
      },
      ...(header && { MessageSystemAttributes: { AWSTraceHeader: text(header) } }),
    }),
  );
  await lane.resume();
  context.report(`C: job 2 goes on in the same chain, ${maxAttempts} times`);
  const [firstView, secondView] = await Promise.all([first, second].map((job) => outcomeOf(context, job, JOB_SECONDS)));
  return { startedAt, header, first: firstView as JobView, second: secondView as JobView };
}

/** Waits until a job waits for its next attempt after a number of attempts. */
const attempted = (context: Context, { type, id, acceptedAt }: Submitted, attempts: number) =>
  until(context, `attempt ${attempts} at ${id}`, JOB_SECONDS, async () => {
    const { body } = await context.tenant.door.job(type, id, acceptedAt);
    return body.status === 'QUEUED' && body.attempts === attempts;
  });

const attemptsAt = ({ history }: JobView) =>
  history.filter(({ status }) => status === 'RUNNING').map(({ at }) => Date.parse(at));

/** Every attempt was made, and none too early. A chain that Lambda cut would have ended before, or stopped altogether. */
function allAttempts(view: JobView) {
  const at = attemptsAt(view);
  const gaps = at.slice(1).map((time, index) => Math.round((time - (at[index] ?? 0)) / 1000));
  return expectAll(`${view.status} ${view.error?.code} after ${view.attempts} attempts, ${gaps.join(', ')} s apart`, {
    [`FAILED by the receiver after ${maxAttempts} attempts`]:
      view.status === 'FAILED' && view.error?.code === 'HTTP_503' && view.attempts === maxAttempts,
    [`${RETRY_AFTER_SECONDS} s at least`]: gaps.every((gap) => gap >= RETRY_AFTER_SECONDS - 1),
  });
}

/** Whether a job may be sent to its lane again as often as its contract allows. */
export const longRetries: Probe<LongRetries> = {
  letter: 'C',
  title: 'Long retries and loop detection',
  minutes: 26,
  lanes: [webhookDelivery.name],
  does: [
    'creates a public API that answers webhooks with 503, without code',
    `switches the event source of ${webhookDelivery.name} off for about five minutes: jobs wait`,
  ],
  prepare,
  checks: [
    {
      name: 'a job that is sent again eight times',
      expected: `${maxAttempts} attempts, at least ${RETRY_AFTER_SECONDS} s apart`,
      needs: 'loopDetection',
      run: ({ first }) => allAttempts(first),
    },
    {
      name: 'how Lambda counts',
      expected: 'the trace header of a message that was sent again says Lineage',
      needs: 'loopDetection',
      run: ({ header = 'none' }) => expectAll(header, { Lineage: header.includes('Lineage=') }),
    },
    {
      name: 'a chain of more than sixteen rounds',
      expected: `the second job gets all of its ${maxAttempts} attempts, because the consumer allows recursive loops`,
      needs: 'loopDetection',
      run({ second, header = '' }) {
        if (!header.includes('Lineage=')) throw new CannotSay('the message had no Lineage, so Lambda counted nothing');
        return allAttempts(second);
      },
    },
    {
      name: 'RecursiveInvocationsDropped',
      expected: '0 for the consumer, and nothing in its dead-letter queue',
      needs: 'loopDetection',
      async run({ startedAt }, context) {
        const { Datapoints = [] } = await new CloudWatchClient().send(
          new GetMetricStatisticsCommand({
            Namespace: 'AWS/Lambda',
            MetricName: 'RecursiveInvocationsDropped',
            Dimensions: [{ Name: 'FunctionName', Value: consumerOf(webhookDelivery, context) }],
            StartTime: startedAt,
            EndTime: new Date(),
            Period: 3600,
            Statistics: ['Sum'],
          }),
        );
        const dropped = Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
        const dead = await countMessages(context, webhookDelivery, true);
        return expectAll(`${dropped} dropped, ${dead} dead letters`, { none: dropped === 0 && dead === 0 });
      },
    },
  ],
};
