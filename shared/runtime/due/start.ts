import { inflate } from '../../attempt/deflate.ts';
import { expiredError } from '../../attempt/errors.ts';
import type { Message } from '../../attempt/message.ts';
import { readSubmission } from '../../attempt/parse.ts';
import type { JobError } from '../../contracts/job.ts';
import { OPTIONAL_PREFIX } from '../../contracts/submit-attributes.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import { type DueTools, each } from './due-tools.ts';
import type { LaneEntry } from './lane-sender.ts';

/**
 * Starts scheduled jobs: each one's message goes into its lane, and then its row says so. In the other order, a crash in
 * between would lose the job. In this one it can send a message twice, and the second one finds the job claimed or settled.
 *
 * @returns the rows that could not be handled
 */
export async function startScheduled(rows: DueRow[], tools: DueTools): Promise<DueRow[]> {
  const now = tools.now();
  const [late, due] = [rows.filter(isLate(now)), rows.filter((row) => !isLate(now)(row))];
  const failed = await expireUnstarted(late, tools);
  const entries: LaneEntry[] = [];
  await each(due, failed, tools, async (row) => {
    entries.push({ row, lane: row.kept?.lane ?? '', message: await messageIn(row, tools) });
  });
  // jobs of one order key enter their lane in the order of their times, as far as they are started together
  entries.sort((a, b) => ((a.row.runAfter ?? '') < (b.row.runAfter ?? '') ? -1 : 1));
  const { sent, unsendable, broken } = await tools.lanes.send(entries);
  for (const { entry, thrown } of broken) {
    tools.observerFor(entry.row.type).broke(entry.message, thrown);
    failed.push(entry.row);
  }
  const refused = new Map(unsendable.map(({ entry, reason }) => [entry.row, reason]));
  await each([...refused.keys()], failed, tools, (row) => {
    const message = `it cannot go into its lane: ${refused.get(row)}`;
    return end(row, 'FAILED', { code: 'UNSENDABLE', message }, tools);
  });
  await each(
    sent.map(({ row }) => row),
    failed,
    tools,
    async (row) => void (await tools.store.enterLane(row, tools.now())),
  );
  return failed;
}

/** Settles jobs as EXPIRED that have not started in their time. @returns as {@link startScheduled} */
export async function expireUnstarted(rows: DueRow[], tools: DueTools): Promise<DueRow[]> {
  const failed: DueRow[] = [];
  await each(rows, failed, tools, (row) => end(row, 'EXPIRED', expiredError(new Date(row.startBy ?? '')), tools));
  return failed;
}

const isLate = (now: Date) => (row: DueRow) => row.startBy !== undefined && row.startBy <= now.toISOString();

/** Settles a job that was never attempted, archived first, as its attempts would be. */
async function end(row: DueRow, outcome: 'FAILED' | 'EXPIRED', error: JobError, tools: DueTools): Promise<void> {
  const message = await messageIn(row, tools);
  const job = readSubmission(message, row.type);
  if (typeof job === 'string') throw new Error(job);
  const archiveKey = await tools.archiveFor(row).keepFailed(message, job, error);
  const now = tools.now();
  if (await tools.store.end(row, { outcome, error, archiveKey, now })) {
    tools.observerFor(row.type).settled({ ...job, attempt: 0 }, outcome, now.getTime() - job.acceptedAt.getTime());
  }
}

/** The message that a row keeps. Its `runAfter` is the time at which it falls due: it may have been moved, or be in seconds. */
async function messageIn({ kept, jobId, runAfter }: DueRow, { inputs, now }: DueTools): Promise<Message> {
  if (!kept) throw new Error(`the row of job ${jobId} keeps no message`);
  const { messageId, attributes, groupId, body } = kept;
  const text = 'key' in body ? await inputs.get(body.key) : inflate(body.deflated);
  if (text === undefined) throw new Error(`${'key' in body && body.key} is not in the archive`);
  return {
    messageId,
    body: text,
    attributes: { ...attributes, jobId, runAfter: `${OPTIONAL_PREFIX}${runAfter}` },
    groupId,
    receiveCount: 0,
    sentAt: now(),
  };
}
