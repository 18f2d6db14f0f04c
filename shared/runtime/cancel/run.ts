import type { RunOf } from '../../attempt/job-code.ts';
import { isSettled, type Outcome } from '../../contracts/job.ts';
import type { InputOf } from '../../contracts/job-type.ts';
import type contract from '../../contracts/jobs/cancel-jobs.ts';
import type { CancelAnswer } from '../../job-store/cancels.ts';
import type { JobMatch, jobMatches, MatchedChunk } from '../../job-store/matches.ts';
import { segments } from '../lane/archive.ts';
import { type Work, workOnMany } from '../many-jobs.ts';
import type { Objects } from '../objects.ts';
import type { laneObserver } from '../observers.ts';
import { partsOf } from '../parts-of.ts';
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

/** So many jobs are cancelled at once, with one or two writes each. */
const AT_ONCE = 10;
/** A chunk is only a hundred jobs, and takes less than a second. */
const SAVE_AFTER = 1000;
/**
 * About 2 MB of lines. A cancellation looks at some thousands of jobs a second for at most 5 hours, so it has some thousand records,
 * and the links to them are about 3 MB.
 */
const LINES_A_RECORD = 20_000;

/**
 * Cancels the jobs that fitted the filter when it was asked for, one by one, as DELETE does. Done twice, it has the same
 * result: a job's history says whether it fitted then, and cancelling it twice changes nothing.
 */
export const cancellations =
  (tools: Tools): RunOf<typeof contract> =>
  (input, job) => {
    const match = matchOf(input, job.tenant, job.acceptedAt);
    const work: Work<Line, string> = {
      folder: `cancellations/${segments(job)}`,
      outcomes: ['cancelled', 'requested', 'refused'],
      linesARecord: LINES_A_RECORD,
      saveAfter: SAVE_AFTER,
      count: () => tools.matches.countEntries(match),
      async *handle(from) {
        for await (const { rows, lookedAt, position } of tools.matches.oldestFirst(match, from)) {
          yield { lines: await cancelAll(rows, match, input, tools), lookedAt, position };
        }
      },
    };
    return workOnMany(job, work, tools);
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

/** What happened to one job, as a line of the records. */
interface Line {
  jobId: string;
  outcome: 'cancelled' | 'requested' | 'refused';
  code?: string;
  message?: string;
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
  for (const some of partsOf(rows, AT_ONCE)) lines.push(...(await Promise.all(some.map(cancelOne))));
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
