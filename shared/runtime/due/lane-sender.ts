import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '../../attempt/ports.ts';
import { MAXIMUM_MESSAGE_BYTES } from '../../contracts/run-kinds.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import { queueUrlOf, siblingQueue } from '../aws.ts';
import { copyOf, isUnsendable } from '../lane/returns.ts';
import { atOnce, ENTRIES_A_CALL } from './due-queue.ts';

/** A job's message on its way into its lane. */
export interface LaneEntry {
  row: DueRow;
  message: Message;
}

/** What became of messages. */
export interface Sent {
  sent: LaneEntry[];
  /** SQS will never accept them. */
  unsendable: { entry: LaneEntry; reason: string }[];
  broken: { entry: LaneEntry; thrown: unknown }[];
}

export interface LaneSender {
  send(entries: readonly LaneEntry[]): Promise<Sent>;
}

/** How many calls are under way at once, each to another lane or with other messages. */
const CALLS_AT_ONCE = 8;

/** More than the attributes of any message: ten of them, of which only `tenant` and `jobId` may be long. */
const ATTRIBUTE_BYTES = 2048;

/**
 * Sends messages into the lanes of any service of the stage, ten at a time.
 *
 * @param queueArn of any queue of the stage
 */
export const laneSender = (sqs: SQSClient, queueArn: string): LaneSender => ({
  async send(entries) {
    const all: Sent = { sent: [], unsendable: [], broken: [] };
    const byLane = Map.groupBy(entries, ({ row }) => row.kept?.lane ?? '');
    // the parts of an ordered lane are sent one after the other, so that jobs of one key keep their order
    const queues = [...byLane].flatMap(([lane, its]) =>
      lane.endsWith('.fifo') ? [{ lane, parts: inCalls(its) }] : inCalls(its).map((part) => ({ lane, parts: [part] })),
    );
    await atOnce(queues, CALLS_AT_ONCE, async ({ lane, parts }) => {
      for (const part of parts) await sendPart(sqs, queueUrlOf(siblingQueue(queueArn, lane)), part, all);
    });
    return all;
  },
});

async function sendPart(sqs: SQSClient, QueueUrl: string, part: LaneEntry[], all: Sent) {
  const fifo = QueueUrl.endsWith('.fifo');
  try {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: part.map(({ row, message }, index) => ({
          Id: String(index),
          ...copyOf(message, { jobId: row.jobId, delaySeconds: 0 }, fifo),
        })),
      }),
    );
    const failures = new Map(Failed.map(({ Id, ...failure }) => [Number(Id), failure]));
    for (const [index, entry] of part.entries()) sortOut(entry, failures.get(index), all);
  } catch (thrown) {
    const refused = part.length === 1 && thrown instanceof Error && isUnsendable(thrown.name);
    if (refused) all.unsendable.push(...part.map((entry) => ({ entry, reason: thrown.message })));
    else all.broken.push(...part.map((entry) => ({ entry, thrown })));
  }
}

/** Decides by the answer of SQS to one message. */
function sortOut(
  entry: LaneEntry,
  failure: { Code?: string | undefined; Message?: string | undefined } | undefined,
  all: Sent,
) {
  const reason = failure?.Message ?? failure?.Code ?? '';
  if (!failure) all.sent.push(entry);
  else if (isUnsendable(failure.Code ?? '')) all.unsendable.push({ entry, reason });
  else all.broken.push({ entry, thrown: new Error(`SQS refused it: ${reason}`) });
}

/**
 * Parts that one call takes: ten messages, and together as many bytes as a single one may have
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
 */
function inCalls(entries: readonly LaneEntry[]): LaneEntry[][] {
  const parts: LaneEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.message.body) + ATTRIBUTE_BYTES;
    const part = parts.at(-1);
    if (part && part.length < ENTRIES_A_CALL && bytes + size <= MAXIMUM_MESSAGE_BYTES) {
      part.push(entry);
      bytes += size;
    } else {
      parts.push([entry]);
      bytes = size;
    }
  }
  return parts;
}
