import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOf } from '../../attempt/job-code.ts';
import type contract from '../../contracts/jobs/replay-jobs.ts';
import type { failureReads } from '../../job-store/failures.ts';
import { UnsendableError } from '../lane/returns.ts';
import { type Work, workOnMany } from '../many-jobs.ts';
import type { Objects } from '../objects.ts';
import { partsOf } from '../parts-of.ts';
import { type Plan, planReplay, type ReplayOrder, type ReplayTools, type Target } from './plan.ts';
import { countTargets, type Position, targetsOf } from './targets.ts';

export interface Tools extends ReplayTools {
  reads: ReturnType<typeof failureReads>;
  payloads: Pick<Objects, 'get' | 'put'>;
}

/**
 * About 2 MB of lines. A replay handles at most 3.6 million jobs (25 attempts of 12 minutes at the highest rate), so it has at
 * most 720 records, and the links to them are about 1.5 MB.
 */
export const LINES_A_RECORD = 5000;
/** So many jobs are read at once, each with a message of up to 1 MiB. */
const AT_ONCE = 10;

/**
 * Replays failures one after the other, the oldest first. Nothing is replayed twice when an attempt crashes: what was
 * replayed since the replay was asked for is done.
 */
export const replays =
  (tools: Tools): RunOf<typeof contract> =>
  (input, job) => {
    const { acceptedAt } = job;
    const order = { since: acceptedAt, newJobsBy: input.asNewJob ? job.id : undefined };
    const work: Work<Line, Position> = {
      folder: `replays/${job.id}`,
      outcomes: ['replayed', 'refused'],
      linesARecord: LINES_A_RECORD,
      // each chunk: at the lowest rate, it takes 100 s
      saveAfter: 1,
      count: () => countTargets(input, acceptedAt, tools.reads),
      async *handle(from) {
        for await (const { targets, position } of targetsOf(input, acceptedAt, from, tools.reads)) {
          const lines = await replayAll(targets, input.ratePerSecond, order, tools);
          yield { lines, lookedAt: targets.length, position };
        }
      },
    };
    return workOnMany(job, work, tools);
  };

/** What happened to one job, as a line of the records. */
interface Line {
  tenant: string;
  type: string;
  jobId: string;
  outcome: 'replayed' | 'refused';
  /** The id of the new job, if it was replayed as one. */
  replayedAs?: string;
  code?: string;
  message?: string;
}

async function replayAll(
  targets: readonly Target[],
  ratePerSecond: number,
  order: ReplayOrder,
  tools: Tools,
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const some of partsOf(targets, AT_ONCE)) {
    const [plans] = await Promise.all([
      Promise.all(some.map((target) => planReplay(target, order, tools))),
      sleep((some.length * 1000) / ratePerSecond),
    ]);
    const carriedOut = await carryOut(plans);
    lines.push(...carriedOut.map((plan, index) => lineOf(some[index] as Target, plan)));
  }
  return lines;
}

/**
 * Sends first: a job without a message would wait for ever. Messages of ordered lanes are sent in their order.
 *
 * @returns what became of each plan
 */
async function carryOut(plans: readonly Plan[]): Promise<Plan[]> {
  const isOrdered = (plan: Plan) => plan.kind === 'send' && plan.ordered;
  const outcomes = new Map<Plan, Plan>();
  for (const plan of plans.filter(isOrdered)) outcomes.set(plan, await sendAndWrite(plan));
  await Promise.all(
    plans.filter((plan) => !isOrdered(plan)).map(async (plan) => outcomes.set(plan, await sendAndWrite(plan))),
  );
  return plans.map((plan) => outcomes.get(plan) ?? plan);
}

/** @returns why it is refused if its lane will never take the message: other messages still go */
async function sendAndWrite(plan: Plan): Promise<Plan> {
  if (plan.kind !== 'send') return plan;
  try {
    await plan.send();
  } catch (error) {
    if (!(error instanceof UnsendableError)) throw error;
    return { kind: 'refused', reason: { code: error.code, message: `its lane does not take it: ${error.message}` } };
  }
  await plan.write();
  return plan;
}

const lineOf = ({ tenant, type, id }: Target, plan: Plan): Line => ({
  tenant,
  type,
  jobId: id,
  ...(plan.kind === 'refused'
    ? { outcome: 'refused', ...plan.reason }
    : { outcome: 'replayed', ...(plan.replayedAs !== undefined && { replayedAs: plan.replayedAs }) }),
});
