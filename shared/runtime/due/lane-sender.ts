import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '../../attempt/message.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import { queueUrlOf, siblingQueue } from '../aws.ts';
import { copyOf } from '../lane/returns.ts';
import { isUnsendable, sendMessages } from '../send-messages.ts';

/** A job's message on its way into its lane. */
export interface LaneEntry {
  row: DueRow;
  /** The name of its lane's queue. */
  lane: string;
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

/**
 * Sends messages into the lanes of any service of the stage.
 *
 * @param queueArn of any queue of the stage
 */
export const laneSender = (sqs: SQSClient, queueArn: string): LaneSender => ({
  async send(entries) {
    const all: Sent = { sent: [], unsendable: [], broken: [] };
    const byLane = Map.groupBy(entries, ({ lane }) => lane);
    await Promise.all(
      [...byLane].map(async ([lane, its]) => {
        const copies = its.map(({ row: { jobId }, message }) =>
          copyOf(message, { jobId, delaySeconds: 0 }, lane.endsWith('.fifo')),
        );
        const failures = await sendMessages(sqs, queueUrlOf(siblingQueue(queueArn, lane)), copies);
        for (const [index, entry] of its.entries()) {
          const failure = failures[index];
          if (!failure) all.sent.push(entry);
          else if (isUnsendable(failure.code)) all.unsendable.push({ entry, reason: failure.reason });
          else all.broken.push({ entry, thrown: new Error(`SQS refused it: ${failure.code}: ${failure.reason}`) });
        }
      }),
    );
    return all;
  },
});
