import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type QueueMessage, sendMessages } from '@spillway/shared/runtime/send-messages.ts';
import { grouped } from '@spillway/shared/runtime/stream/grouped.ts';
import * as z from 'zod/mini';
import type { BigPush } from './push.ts';
import { PARTS } from './table.ts';

/** A part of a big push, as the queue carries it. */
export const PushPart = z.strictObject({
  target: z.string(),
  apiId: z.string(),
  /** The connections whose keys begin with this hex digit. */
  part: z.string(),
  /** The events as they are sent, in order. */
  texts: z.array(z.string()),
});
export type PushPart = z.infer<typeof PushPart>;

/** A tenth of the 1 MiB that SQS takes in a call of ten messages, with room for escaping. */
const LONGEST_TEXTS = 40_000;

/** The queue of on-push. */
export interface PushQueue {
  client: SQSClient;
  url: string;
  /** How many events on-push can send in its time (push-rate.ts). */
  mostEvents: number;
}

const digest = (...texts: string[]) => createHash('sha256').update(texts.join('\n')).digest('hex');

/**
 * Hands big pushes on to on-push, each in parts that are sent side by side, so that the reader of the stream goes on. A part of
 * a target is a message group, so each connection still gets its events in order. A batch that the stream repeats within
 * five minutes is handed on only once.
 *
 * @returns how many messages were handed on
 * @throws Error if the queue does not take all of them before the signal
 */
export async function handOn(
  { client, url, mostEvents }: PushQueue,
  pushes: readonly BigPush[],
  signal: AbortSignal,
): Promise<number> {
  const parts = pushes.flatMap((push) => pushPartsOf(push, mostEvents));
  const answers = await sendMessages(client, url, parts.map(messageOf), signal);
  const refusals = answers.flatMap((answer) => answer ?? []);
  const [first] = refusals;
  if (first) throw new Error(`the queue refused ${refusals.length} parts of a push: ${first.code}`);
  return parts.length;
}

const messageOf = (part: PushPart): QueueMessage => ({
  MessageBody: JSON.stringify(part),
  MessageGroupId: digest(part.target, part.part),
  MessageDeduplicationId: digest(part.target, part.part, ...part.texts),
});

/** The events in order, in chunks that a message can carry and on-push can send in its time. */
function pushPartsOf({ target, apiId, events }: BigPush, mostEvents: number): PushPart[] {
  const texts = events.map((event) => JSON.stringify(event));
  const chunks = grouped(texts, mostEvents, LONGEST_TEXTS, Buffer.byteLength);
  return chunks.flatMap((chunk) => PARTS.map((part) => ({ target, apiId, part, texts: chunk })));
}
