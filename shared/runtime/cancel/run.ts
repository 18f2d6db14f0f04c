import { RetryLaterError } from '../../attempt/errors.ts';
import type { RunOf } from '../../attempt/job-code.ts';
import { isSettled, type Outcome } from '../../contracts/job.ts';
import type { InputOf, ResultOf } from '../../contracts/job-type.ts';
import type contract from '../../contracts/jobs/cancel-jobs.ts';
import type { CancelAnswer } from '../../job-store/cancels.ts';
import type { JobMatch, jobMatches, MatchedChunk } from '../../job-store/matches.ts';
import { segments } from '../lane/archive.ts';
import type { Objects } from '../objects.ts';
import type { laneObserver } from '../observers.ts';
import { type Records, recordsIn, type Written } from '../records.ts';
import type { Cancel } from './cancel.ts';
import { countCancelled } from './count.ts';

export interface Tools {
  matches: Pick<ReturnType<typeof jobMatches>, 'oldestFirst' | 'countEntries'>;
  cancel: Cancel;
  payloads: Pick<Objects, 'get' | 'put'>;
  observerFor(type: string): Pick<ReturnType<typeof laneObserver>, 'settled' | 'flush'>;
  now(): Date;
}

type Input = InputOf<typeof contract>;

/** Where a cancelling is. It is written from time to time, and an attempt goes on from there. */
interface State extends Omit<ResultOf<typeof contract>, 'records'> {
  /** How many jobs there are to look at, and how many were looked at. */
  total: number;
  lookedAt: number;
  written?: Written;
  position?: string;
}

/** An attempt stops after this, before its time of 840 s is up: a chunk and a save take seconds. */
const WORKING_MS = 720_000;
/** So many jobs are cancelled at once, with one or two writes each. */
const AT_ONCE = 10;
/** After so many jobs were looked at, the state is written, and a record of what happened to those that fit. */
const SAVE_AFTER = 1000;
/**
 * About 2 MB of lines, which are held in memory. A cancelling looks at some thousands of jobs a second for at most 5 hours, so it has
 * some thousand records, and the links to them are about 3 MB.
 */
const LINES_A_RECORD = 20_000;

/**
 * Cancels the jobs that fitted the filter when it was asked for, one by one, as DELETE does. What an attempt has not saved,
 * the next one does again, with the same result: a job's history says whether it fitted then, and cancelling it twice changes
 * nothing.
 */
export const cancellations =
  (tools: Tools): RunOf<typeof contract> =>
  async (input, job) => {
    const { payloads, now } = tools;
    const started = now().getTime();
    const folder = `cancellations/${segments(job)}`;
    const match = matchOf(input, job.tenant, job.acceptedAt);
    const saved = await payloads.get(`${folder}/state.json`);
    const state: State = saved ? JSON.parse(saved) : await begin(match, tools);
    const records = await recordsIn<Line>(payloads, folder, LINES_A_RECORD, state.written);
    let lines: Line[] = [];
    let unsaved = 0;
    const save = async () => {
      await keep(state, lines, records, () =>
        payloads.put(`${folder}/state.json`, JSON.stringify(state), 'application/json'),
      );
      [lines, unsaved] = [[], 0];
    };
    for await (const { rows, lookedAt, position } of tools.matches.oldestFirst(match, state.position)) {
      lines.push(...(await cancelAll(rows, match, input, tools)));
      unsaved += lookedAt;
      state.lookedAt += lookedAt;
      state.position = position;
      if (unsaved >= SAVE_AFTER) await save();
      job.progress({ done: state.lookedAt, total: Math.max(state.lookedAt, state.total) });
      if (now().getTime() - started > WORKING_MS) {
        await save();
        throw new RetryLaterError('GOES_ON', 'it takes longer than an attempt may, and continues in the next one', 0);
      }
    }
    await save();
    const { cancelled, requested, refused } = state;
    return { cancelled, requested, refused, records: records.keys() };
  };

const matchOf = ({ type, status, from, to, search }: Input, tenant: string, at: Date): JobMatch => ({
  tenant,
  type,
  status,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
  search,
  at,
});

const begin = async (match: JobMatch, { matches }: Tools): Promise<State> => ({
  total: await matches.countEntries(match),
  lookedAt: 0,
  cancelled: 0,
  requested: 0,
  refused: 0,
});

/** What happened to one job, as a line of the records. */
interface Line {
  jobId: string;
  outcome: 'cancelled' | 'requested' | 'refused';
  code?: string;
  message?: string;
}

/** Adds what happened to the records and the state, and writes both. */
async function keep(
  state: State,
  lines: readonly Line[],
  records: Records<Line>,
  write: () => Promise<unknown>,
): Promise<void> {
  await records.add(lines);
  for (const { outcome } of lines) state[outcome] += 1;
  state.written = records.written();
  await write();
}

async function cancelAll(
  rows: MatchedChunk['rows'],
  { tenant, type }: JobMatch,
  { stops }: Input,
  { cancel, observerFor, now }: Tools,
): Promise<Line[]> {
  const observer = observerFor(type);
  const cancelOne = async ({ jobId, status }: MatchedChunk['rows'][number]): Promise<Line> => {
    if (status === 'CANCELLED') return { jobId, outcome: 'cancelled' };
    if (isSettled(status)) return { jobId, ...settledMeanwhile(status) };
    const answer = await cancel({ tenant, type, id: jobId }, now());
    if (answer.kind === 'cancelled') countCancelled(answer.row, observer);
    return { jobId, ...whatCameOf(answer, stops) };
  };
  const lines: Line[] = [];
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    lines.push(...(await Promise.all(rows.slice(first, first + AT_ONCE).map(cancelOne))));
  }
  observer.flush();
  return lines;
}

type Result = Omit<Line, 'jobId'>;

function whatCameOf(answer: CancelAnswer, stops: boolean): Result {
  switch (answer.kind) {
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'requested':
      return stops ? { outcome: 'requested' } : { outcome: 'requested', ...UNSTOPPABLE };
    case 'settled':
      return answer.outcome === 'CANCELLED' ? { outcome: 'cancelled' } : settledMeanwhile(answer.outcome);
    case 'unknown':
      return { outcome: 'refused', code: 'UNKNOWN_JOB', message: 'its row has expired' };
  }
}

const UNSTOPPABLE = {
  code: 'NOT_STOPPABLE',
  message: 'its workflow runs to its end; unless it succeeds, the job is CANCELLED then',
};

const settledMeanwhile = (outcome: Outcome): Result => ({
  outcome: 'refused',
  code: `ALREADY_${outcome}`,
  message: `the job was ${outcome} before it could be cancelled`,
});
