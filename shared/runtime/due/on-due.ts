import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DueReference } from '../../attempt/due-time.ts';
import { LONGEST_SKEW_MS } from '../../attempt/schedule.ts';
import type { DueRow, dueReads } from '../../job-store/due-reads.ts';
import { referencesIn } from './due-queue.ts';
import type { DueTools } from './due-tools.ts';
import { DUE_KINDS } from './kinds.ts';

export interface OnDueTools extends DueTools {
  reads: Pick<ReturnType<typeof dueReads>, 'rowsAt'>;
}

/**
 * Handles references to rows that fall due. Those that nothing is at any more are dropped.
 *
 * @returns the messages that must come again
 */
export async function handleDue({ Records }: SQSEvent, tools: OnDueTools): Promise<SQSBatchResponse> {
  const messages = Records.map(({ messageId, body }) => ({ messageId, references: referencesIn(body) }));
  const rows = await tools.reads.rowsAt(messages.flatMap(({ references }) => references));
  await untilStart(rows, tools.now());
  const failed: DueRow[] = [];
  for (const [kind, together] of Map.groupBy(rows, ({ dueKind }) => dueKind)) {
    if (kind) failed.push(...(await DUE_KINDS[kind](together, tools)));
  }
  const again = new Set(failed.map(keyOf));
  return {
    batchItemFailures: messages
      .filter(({ references }) => references.some((reference) => again.has(keyOf(reference))))
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/**
 * Waits until the last of the rows may start, as its sender's clock and ours differ a little. What is earlier than that was
 * moved, or is not ours.
 */
async function untilStart(rows: readonly DueRow[], now: Date): Promise<void> {
  const last = Math.max(...rows.map(({ runAfter }) => Date.parse(runAfter ?? '') || 0), 0);
  const ms = last - now.getTime();
  if (ms > 0 && ms <= LONGEST_SKEW_MS) await sleep(ms);
}

const keyOf = ({ pk, dueSort }: Partial<DueReference>) => `${dueSort} ${pk}`;
