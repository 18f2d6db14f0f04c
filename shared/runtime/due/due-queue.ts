import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DueReference } from '../../attempt/due-time.ts';
import type { DueQueue } from '../../attempt/ports.ts';
import { queueUrlOf } from '../aws.ts';
import { partsOf } from '../parts-of.ts';
import { sendMessages } from '../send-messages.ts';

/**
 * References that fall due in the same second share a message, so that a burst takes few calls. The longest keys have 2 KB, so
 * ten messages always fit into a call of 1 MiB.
 */
const REFERENCES_A_MESSAGE = 25;

/** SQS refused some references. What they refer to is found again, as overdue. */
export class NotReferredError extends Error {
  override readonly name = 'NotReferredError';
  readonly code = 'NOT_REFERRED';
}

/** The queue of references to rows that fall due. */
export function dueQueue(sqs: SQSClient, queueArn: string): DueQueue & ReturnType<typeof sender> {
  const all = sender(sqs, queueArn);
  return { ...all, send: (reference, at) => all.sendAll([{ reference, at }], new Date()) };
}

function sender(sqs: SQSClient, queueArn: string) {
  /**
   * Sends references with their delay. It is rounded up to a whole second, because nothing may start before its time.
   *
   * @throws NotReferredError if SQS refuses some of them
   */
  async function sendAll(due: readonly { reference: DueReference; at: Date }[], now: Date): Promise<void> {
    const bySecond = Map.groupBy(due, ({ at }) => Math.max(0, Math.ceil((at.getTime() - now.getTime()) / 1000)));
    const messages = [...bySecond].flatMap(([DelaySeconds, together]) =>
      partsOf(together, REFERENCES_A_MESSAGE).map((part) => ({
        DelaySeconds,
        MessageBody: JSON.stringify(part.map(({ reference: { pk, dueSort } }) => ({ pk, dueSort }))),
      })),
    );
    const failures = await sendMessages(sqs, queueUrlOf(queueArn), messages);
    const refused = failures.filter((failure) => failure !== undefined);
    if (refused.length === 0) return;
    throw new NotReferredError(`SQS refused ${refused.length} of ${messages.length} messages: ${refused[0]?.reason}`);
  }
  return { sendAll };
}

/** The references in a message of the queue. */
export const referencesIn = (body: string): DueReference[] => JSON.parse(body);
