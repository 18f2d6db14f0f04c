import { nextLook } from '../../attempt/looks.ts';
import type { Message } from '../../attempt/message.ts';
import { laneName } from '../../contracts/lane.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import { startedMessage } from '../lane/archive.ts';
import { type DueTools, each } from './due-tools.ts';
import type { LaneEntry } from './lane-sender.ts';

/**
 * Has jobs looked at that go on without their consumer: each one's message goes into its lane, whose consumer looks at the
 * job's execution. Then its row says when the next look is due. In the other order, a crash in between would skip a look.
 *
 * @returns the rows that could not be handled
 */
export async function lookAtStarted(rows: DueRow[], tools: DueTools): Promise<DueRow[]> {
  const failed: DueRow[] = [];
  const entries: LaneEntry[] = [];
  await each(rows, failed, tools, async (row) => {
    // only standard lanes have such jobs
    const lane = laneName({ name: row.type, lane: { kind: 'standard' } }, tools.stage);
    entries.push({ row, lane, message: await messageOf(row, tools) });
  });
  const { sent, unsendable, broken } = await tools.lanes.send(entries);
  const refused = unsendable.map(({ entry, reason }) => ({ entry, thrown: new Error(reason) }));
  for (const { entry, thrown } of [...broken, ...refused]) {
    tools.observerFor(entry.row.type).broke(entry.message, thrown);
    failed.push(entry.row);
  }
  await each(
    sent.map(({ row }) => row),
    failed,
    tools,
    async (row) => {
      const now = tools.now();
      const changedAt = new Date(row.history.at(-1)?.at ?? now);
      const soon = await tools.store.lookAgain(row, nextLook(changedAt, now, tools.firstLookSeconds), now);
      if (soon) await tools.due.send(soon.reference, soon.at);
    },
  );
  return failed;
}

/** The message of the attempt, without the times of its start: it must neither wait nor expire. */
async function messageOf({ tenant, type, jobId, attempt }: DueRow, { payloads }: DueTools): Promise<Message> {
  const { attributes, ...message } = await startedMessage(payloads, { tenant, type, id: jobId, attempt });
  const { runAfter: _, expiresAfter: __, ...others } = attributes;
  return { ...message, attributes: others };
}
