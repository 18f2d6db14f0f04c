import type { Message } from '../../attempt/message.ts';
import type { Archive, DueQueue, Observer } from '../../attempt/ports.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import type { dueWrites } from '../../job-store/due-writes.ts';
import { atOnce } from '../at-once.ts';
import type { Objects } from '../objects.ts';
import type { LaneSender } from './lane-sender.ts';

/** What handling rows that fall due needs. */
export interface DueTools {
  store: Pick<ReturnType<typeof dueWrites>, 'enterLane' | 'end' | 'lookAgain'>;
  lanes: LaneSender;
  /** The archive, which has the inputs that are too long for a row. */
  inputs: Pick<Objects, 'get'>;
  /** The payload bucket, which has the messages of jobs that were started. */
  payloads: Pick<Objects, 'get'>;
  due: DueQueue;
  stage: string;
  /** See `GoingOn` in shared/attempt/attempt-tools.ts. */
  firstLookSeconds: number;
  archiveFor(row: DueRow): Pick<Archive, 'keepFailed'>;
  observerFor(type: string): Pick<Observer, 'settled' | 'broke'>;
  now(): Date;
}

/** How many rows are read or written at once. A function with 512 MB has about a third of a CPU, which this keeps busy. */
const ROWS_AT_ONCE = 16;

/** Handles rows, and collects those that could not be handled. */
export async function each(
  rows: readonly DueRow[],
  failed: DueRow[],
  tools: Pick<DueTools, 'observerFor'>,
  handle: (row: DueRow) => Promise<void>,
): Promise<void> {
  await atOnce(rows, ROWS_AT_ONCE, async (row) => {
    try {
      await handle(row);
    } catch (thrown) {
      failed.push(row);
      tools.observerFor(row.type).broke({ messageId: row.kept?.messageId ?? row.jobId } as Message, thrown);
    }
  });
}
