import { RetryLaterError } from '../attempt/errors.ts';
import type { Job } from '../attempt/job-code.ts';
import type { Objects } from './objects.ts';
import { recordsIn, type Written } from './records.ts';

/** What happened to one job, as a line of the records. */
interface AnyLine {
  outcome: string;
}

/** Some of the jobs, after they were handled. */
export interface Handled<Line, Position> {
  lines: readonly Line[];
  /** How many were looked at, also those that have no line. */
  lookedAt: number;
  /** Where the next ones begin. */
  position: Position;
}

/** What a job does with many others. */
export interface Work<Line extends AnyLine, Position> {
  /** Where its state and its records are in the payload bucket. */
  folder: string;
  /** Everything that can happen to a job. */
  outcomes: readonly Line['outcome'][];
  /** How many lines a record has. They are held in memory. */
  linesARecord: number;
  /** After so many jobs were looked at, the state and the records are written. */
  saveAfter: number;
  /** How many jobs there are to look at. */
  count(): Promise<number>;
  /**
   * Handles the jobs behind a position, in chunks that take at most 100 s. What an attempt has not saved, the next one does
   * again, so doing it twice must have the same result.
   */
  handle(from: Position | undefined): AsyncIterable<Handled<Line, Position>>;
}

/** Where the work is. An attempt goes on from there. */
interface State<Line extends AnyLine, Position> {
  total: number;
  lookedAt: number;
  /** How many jobs had each outcome. */
  counts: Record<Line['outcome'], number>;
  written?: Written;
  position?: Position;
}

/** An attempt stops after this, before its time of 840 s is up: it ends the chunk that it has begun, and saves. */
const WORKING_MS = 720_000;

/**
 * Works on many jobs in one, over as many attempts as it takes, and records what happened to each.
 *
 * @returns how many jobs had each outcome, and the keys of the records
 * @throws RetryLaterError if the attempt's time is up: the next attempt goes on
 */
export async function workOnMany<Line extends AnyLine, Position>(
  job: Pick<Job, 'progress'>,
  { folder, outcomes, linesARecord, saveAfter, count, handle }: Work<Line, Position>,
  { payloads, now }: { payloads: Pick<Objects, 'get' | 'put'>; now(): Date },
): Promise<Record<Line['outcome'], number> & { records: string[] }> {
  const started = now().getTime();
  const saved = await payloads.get(`${folder}/state.json`);
  const none = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Line['outcome'], number>;
  const state: State<Line, Position> = saved ? JSON.parse(saved) : { total: await count(), lookedAt: 0, counts: none };
  const records = await recordsIn<Line>(payloads, folder, linesARecord, state.written);
  let lines: Line[] = [];
  let unsaved = 0;
  const save = async () => {
    if (unsaved === 0) return;
    await records.add(lines);
    for (const { outcome } of lines) state.counts[outcome as Line['outcome']] += 1;
    state.written = records.written();
    await payloads.put(`${folder}/state.json`, JSON.stringify(state), 'application/json');
    [lines, unsaved] = [[], 0];
  };
  for await (const handled of handle(state.position)) {
    lines.push(...handled.lines);
    unsaved += handled.lookedAt;
    state.lookedAt += handled.lookedAt;
    state.position = handled.position;
    if (unsaved >= saveAfter) await save();
    job.progress({ done: state.lookedAt, total: Math.max(state.lookedAt, state.total) });
    if (now().getTime() - started > WORKING_MS) {
      await save();
      throw new RetryLaterError('GOES_ON', 'it takes longer than an attempt may, and continues in the next one', 0);
    }
  }
  await save();
  return { ...state.counts, records: records.keys() };
}
