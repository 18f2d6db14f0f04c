import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
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

/** SQS takes 1 MiB in a call of up to ten messages; a message may have this share of it, with room for escaping. */
const MESSAGES_A_CALL = 10;
const LONGEST_TEXTS = 40_000;

const digest = (...texts: string[]) => createHash('sha256').update(texts.join('\n')).digest('hex');

/**
 * Hands big pushes on to on-push, each in parts that are sent side by side, so that the reader of the stream goes on. A part of
 * a target is a message group, so each connection still gets its events in order. A batch that the stream repeats within
 * five minutes is handed on only once.
 *
 * @returns how many messages were handed on
 * @throws Error if the queue does not take all of them
 */
export async function handOn(client: Pick<SQSClient, 'send'>, queueUrl: string, pushes: readonly BigPush[]) {
  const parts = pushes.flatMap(partsOf);
  for (let from = 0; from < parts.length; from += MESSAGES_A_CALL) {
    const Entries = parts.slice(from, from + MESSAGES_A_CALL).map((part, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(part),
      MessageGroupId: digest(part.target, part.part),
      MessageDeduplicationId: digest(part.target, part.part, ...part.texts),
    }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} parts of a push: ${Failed[0]?.Code}`);
  }
  return parts.length;
}

function partsOf({ target, apiId, events }: BigPush): PushPart[] {
  const texts = events.map((event) => JSON.stringify(event));
  return chunksOf(texts).flatMap((chunk) => PARTS.map((part) => ({ target, apiId, part, texts: chunk })));
}

/** The texts in order, in chunks that a message can carry. */
function chunksOf(texts: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (bytes > room) {
      chunks.push([]);
      room = LONGEST_TEXTS;
    }
    chunks.at(-1)?.push(text);
    room -= bytes;
  }
  return chunks;
}
