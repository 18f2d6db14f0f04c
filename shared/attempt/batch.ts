import { heldSeconds } from '../contracts/run-kinds.ts';
import { attempt } from './attempt.ts';
import type { AttemptTools } from './attempt-tools.ts';
import type { Message } from './message.ts';
import { LONGEST_WAIT_IN_FLIGHT_SECONDS } from './retry.ts';
import type { Verdict } from './verdict.ts';

/** To start a job, the function must have the time left for which it holds the job, and this time to settle it. */
const SETTLE_RESERVE_MS = 2000;
/** When a job whose last attempt vanished and that may not run in this batch becomes visible again. */
const VANISHED_AGAIN_SECONDS = 2;

/** Messages that must be handled in order: those of one order key, or a single one on a standard lane. */
type Sequence = readonly Message[];

/**
 * Handles the messages of a batch independently of each other.
 *
 * What may crash the consumer runs after all others, and one at a time. That is a job whose last attempt vanished; only
 * one such job runs per batch, because it probably crashes again. It is also a message that was received often, but whose
 * job was never attempted. Most of those are only back from an outage, so all of them run, one after the other: a crash
 * costs no job an attempt but the one that crashes. In an ordered lane, a message that must come again holds back the
 * later ones of its key.
 *
 * @param remainingMs how long the function may still run
 * @returns the ids of the messages that must come again
 */
export async function handleBatch<Input, Result>(
  messages: readonly Message[],
  remainingMs: () => number,
  tools: AttemptTools<Input, Result>,
): Promise<string[]> {
  const again: string[] = [];
  /** What is done only if the batch ends before a time: a message is deleted at the end of its batch. */
  const doneBefore: { messageId: string; before: Date | undefined }[] = [];
  const enoughTime = () => remainingMs() >= heldSeconds(tools.jobType) * 1000 + SETTLE_RESERVE_MS;

  const bringBack = async (message: Message, afterSeconds: number, jobId?: string) => {
    try {
      const inFlight = tools.jobType.lane.kind === 'ordered' || afterSeconds <= LONGEST_WAIT_IN_FLIGHT_SECONDS;
      if (inFlight || jobId === undefined) await tools.lane.showAgainAfter(message, afterSeconds);
      else return await tools.lane.sendAgain(message, jobId, afterSeconds);
    } catch (thrown) {
      // it still comes again, only later, when its visibility timeout ends
      tools.observer.broke(message, thrown);
    }
    again.push(message.messageId);
  };

  /** @param last whether everything else in the batch is done */
  const follow = async (sequence: Sequence, last?: Dangerous['kind']) => {
    for (const [index, message] of sequence.entries()) {
      const alone = { evenIfSuspect: Boolean(last), evenIfVanished: last === 'vanished' && index === 0 };
      const verdict = enoughTime() ? await safely(message, alone, tools) : SHOW_AT_ONCE;
      if (verdict.kind !== 'done') return stopAt(sequence.slice(index), verdict);
      doneBefore.push({ messageId: message.messageId, before: verdict.before });
    }
  };

  const stopAt = async (rest: Sequence, verdict: Unfinished) => {
    if (isDangerous(verdict)) dangerous[verdict.kind].push(rest);
    else await holdBackFrom(rest, verdict);
  };

  /** Brings the first message back by its verdict, and the later ones at once: FIFO keeps them behind the first. */
  const holdBackFrom = async ([head, ...later]: Sequence, verdict: Exclude<Unfinished, Dangerous>) => {
    if (verdict.kind === 'again' && head) await bringBack(head, verdict.afterSeconds, verdict.jobId);
    else if (head) again.push(head.messageId);
    for (const message of later) await bringBack(message, 0);
  };

  const holdBack = async (sequences: Sequence[]) => {
    for (const message of sequences.flat()) await bringBack(message, VANISHED_AGAIN_SECONDS);
  };

  /** Sequences whose first message may crash the consumer. They wait for all others. */
  const dangerous: Record<Dangerous['kind'], Sequence[]> = { suspect: [], vanished: [] };
  const sequences = sequencesOf(messages, tools.jobType.lane.kind);
  if (tools.jobType.batchRuns === 'together') await Promise.all(sequences.map((sequence) => follow(sequence)));
  else for (const sequence of sequences) await follow(sequence);
  for (const sequence of dangerous.suspect) await follow(sequence, 'suspect');

  const [alone, ...others] = dangerous.vanished.splice(0);
  await holdBack(others);
  if (alone) await follow(alone, 'vanished');
  // the job that ran alone may be followed by another one of its key that vanished
  await holdBack(dangerous.vanished);
  const now = tools.now();
  return [...again, ...doneBefore.filter(({ before }) => before && before <= now).map(({ messageId }) => messageId)];
}

/** A verdict after which the message comes again; after `broke` and `overtaken`, when its visibility timeout ends. */
type Unfinished = Exclude<Verdict, { kind: 'done' }> | { kind: 'broke' };
type Dangerous = Extract<Verdict, { kind: 'suspect' | 'vanished' }>;

const isDangerous = (verdict: Unfinished): verdict is Dangerous =>
  verdict.kind === 'suspect' || verdict.kind === 'vanished';

const SHOW_AT_ONCE: Unfinished = { kind: 'again', afterSeconds: 0 };

/** Contains an error of the store, the archive or the lane to its own message. */
async function safely<Input, Result>(
  message: Message,
  alone: Parameters<typeof attempt>[1],
  tools: AttemptTools<Input, Result>,
): Promise<Verdict | Unfinished> {
  try {
    return await attempt(message, alone, tools);
  } catch (thrown) {
    tools.observer.broke(message, thrown);
    return { kind: 'broke' };
  }
}

function sequencesOf(messages: readonly Message[], kind: 'standard' | 'ordered'): Sequence[] {
  if (kind === 'standard') return messages.map((message) => [message]);
  return [...Map.groupBy(messages, ({ groupId }) => groupId ?? '').values()];
}
