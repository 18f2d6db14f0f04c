import { type AttemptTools, attempt, type Verdict } from './attempt.ts';
import type { Message } from './ports.ts';
import { LONGEST_WAIT_IN_FLIGHT_SECONDS } from './retry.ts';

/** To start a job, the function must have the job's timeout left, and this time to settle it. */
const SETTLE_RESERVE_MS = 2000;
/** When a job whose last attempt vanished and that may not run in this batch becomes visible again. */
const VANISHED_AGAIN_SECONDS = 2;

/** Messages that must be handled in order: those of one order key, or a single one on a standard lane. */
type Sequence = readonly Message[];

/**
 * Handles the messages of a batch independently of each other.
 *
 * A job whose last attempt vanished runs after all others, and only one such job runs per batch, so that it cannot crash
 * its batch again. In an ordered lane, a message that must come again holds back the later ones of its key.
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
  const enoughTime = () => remainingMs() >= tools.jobType.timeoutSeconds * 1000 + SETTLE_RESERVE_MS;

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

  const follow = async (sequence: Sequence, evenIfVanished: boolean) => {
    for (const [index, message] of sequence.entries()) {
      const verdict = enoughTime() ? await safely(message, evenIfVanished && index === 0, tools) : SHOW_AT_ONCE;
      if (verdict.kind === 'done') continue;
      if (verdict.kind === 'vanished') vanished.push(sequence.slice(index));
      else await holdBackFrom(sequence.slice(index), verdict);
      return;
    }
  };

  /** Brings the first message back by its verdict, and the later ones at once: FIFO keeps them behind the first. */
  const holdBackFrom = async ([head, ...later]: Sequence, verdict: Exclude<Unfinished, { kind: 'vanished' }>) => {
    if (verdict.kind === 'again' && head) await bringBack(head, verdict.afterSeconds, verdict.jobId);
    else if (head) again.push(head.messageId);
    for (const message of later) await bringBack(message, 0);
  };

  const holdBack = async (sequences: Sequence[]) => {
    for (const message of sequences.flat()) await bringBack(message, VANISHED_AGAIN_SECONDS);
  };

  /** Sequences whose first job's last attempt vanished. They wait until all others are done. */
  const vanished: Sequence[] = [];
  const sequences = sequencesOf(messages, tools.jobType.lane.kind);
  if (tools.jobType.batchRuns === 'together') await Promise.all(sequences.map((sequence) => follow(sequence, false)));
  else for (const sequence of sequences) await follow(sequence, false);

  const [alone, ...others] = vanished.splice(0);
  await holdBack(others);
  if (alone) await follow(alone, true);
  // the job that ran alone may be followed by another one of its key that vanished
  await holdBack(vanished);
  return again;
}

/** A verdict after which the message comes again; after `broke`, when its visibility timeout ends. */
type Unfinished = Exclude<Verdict, { kind: 'done' }> | { kind: 'broke' };

const SHOW_AT_ONCE: Unfinished = { kind: 'again', afterSeconds: 0 };

/** Contains an error of the store, the archive or the lane to its own message. */
async function safely<Input, Result>(
  message: Message,
  evenIfVanished: boolean,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict | Unfinished> {
  try {
    return await attempt(message, evenIfVanished, tools);
  } catch (thrown) {
    tools.observer.broke(message, thrown);
    return { kind: 'broke' };
  }
}

function sequencesOf(messages: readonly Message[], kind: 'standard' | 'ordered'): Sequence[] {
  if (kind === 'standard') return messages.map((message) => [message]);
  return [...Map.groupBy(messages, ({ groupId }) => groupId ?? '').values()];
}
