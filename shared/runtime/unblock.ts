import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { UnblockAction } from '../contracts/blocked-key.ts';
import type { JobIdentity } from '../contracts/job.ts';
import { HOLD_SECONDS, LANE_RETENTION_SECONDS, type LaneOf, RETURN_SECONDS } from '../contracts/lane.ts';
import type { blockWrites } from '../job-store/blocks.ts';
import type { jobReplays } from '../job-store/replays.ts';
import type { JobRow } from '../job-store/row.ts';
import { logger } from './logging.ts';

/** What ending the blocking of an order key needs. */
export interface UnblockTools {
  store: Pick<ReturnType<typeof jobReplays>, 'reopen'> & Pick<ReturnType<typeof blockWrites>, 'unblock'>;
  /** Makes a message visible. @returns whether it is, within seconds */
  show(type: string, receipt: string): Promise<boolean>;
  now(): Date;
}

/** A lane takes a message that has become visible within seconds. */
const SOON_SECONDS = 5;

/** Whether the message of a job that blocks its order key is still in its lane: SQS deletes it after 14 days. */
export const isHeld = ({ blockedKey, blockedUntil = '' }: JobRow, now: Date): boolean =>
  blockedKey !== undefined &&
  Date.parse(blockedUntil) + (LANE_RETENTION_SECONDS - RETURN_SECONDS) * 1000 > now.getTime();

const WRITES: Record<UnblockAction, (job: JobIdentity, row: JobRow, tools: UnblockTools) => Promise<boolean>> = {
  release: (job, row, { store, now }) => store.reopen(job, row, now()),
  skip: (job, _, { store }) => store.unblock(job),
};

/**
 * Ends the blocking of an order key by a job. The row is written first: until then, the message only finds out that it must
 * wait on. It never waits longer than an hour.
 *
 * @param row as it was read
 * @returns how long it takes at most until the key goes on; undefined if somebody else ended it in the meantime
 */
export async function unblock(row: JobRow, action: UnblockAction, tools: UnblockTools): Promise<number | undefined> {
  const { tenant, type, jobId: id, blockedReceipt } = row;
  if (!(await WRITES[action]({ tenant, type, id }, row, tools))) return undefined;
  // without a receipt handle, its consumer is about to hold the message, and finds out
  const soon = !blockedReceipt || (await tools.show(type, blockedReceipt));
  return soon ? SOON_SECONDS : HOLD_SECONDS;
}

/** @param urlOf the URL of a lane, which is an ordered one */
export const showIn =
  (sqs: SQSClient, urlOf: (lane: LaneOf) => string): UnblockTools['show'] =>
  async (type, ReceiptHandle) => {
    try {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urlOf({ name: type, lane: { kind: 'ordered' } }),
          ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
      return true;
    } catch (error) {
      // it was received again in the meantime, or is visible: it comes by itself
      logger.warn('could not make the message of a blocked key visible', { type, error: error as Error });
      return false;
    }
  };
