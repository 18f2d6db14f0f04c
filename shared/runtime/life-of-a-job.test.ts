import fc from 'fast-check';
import { PermanentJobError } from '../attempt/errors.ts';
import { isSettled, type JobIdentity } from '../contracts/job.ts';
import type { Fate } from '../testing/life/function-run.ts';
import { modelFunctions, type SampleType } from '../testing/life/functions.ts';
import { faultsOf } from '../testing/life/invariants.ts';
import { modelStage } from '../testing/life/stage.ts';
import { modelWorkflow } from '../testing/life/workflow.ts';
import { identityOf, sampleMessage, sampleType, submissionIn } from '../testing/workbench.ts';

/** About three seconds on two cores. Each run has other lives. Raise it to look for rare faults after a change. */
const LIVES = 150;
const NO_FAULT: Fate = { kind: 'lives' };
const SECONDS = [1, 60, 100, 700, 4000] as const;
const at = fc.integer({ min: 1, max: 4 });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(NO_FAULT) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crashes'), at, made: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('freezes'), at }) },
);
const ids = ['a', 'b'];
const seldom = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...SECONDS) },
);
const submit = fc.record({
  act: fc.constant('submit' as const),
  id: fc.constantFrom(...ids),
  n: fc.constantFrom(1, 1, 1, 2),
  runAfter: seldom,
  expiresAfter: seldom,
});
/** What can happen besides a submit, and how often in comparison. */
const ACTS = {
  consume: 8,
  wait: 6,
  tick: 2,
  due: 4,
  workflow: 4,
  'time is up': 1,
  decide: 2,
  replay: 2,
  move: 1,
  cancel: 1,
  'cancel unseen': 1,
  'give up': 1,
  'dead letters': 1,
  thaw: 2,
};
const ACT_NAMES = Object.entries(ACTS).flatMap(([name, weight]) =>
  Array.from({ length: weight }, () => name as keyof typeof ACTS),
);
const other = fc.record({
  act: fc.constantFrom(...ACT_NAMES),
  id: fc.constantFrom(...ids),
  fate,
  seconds: fc.constantFrom(...SECONDS),
  code: fc.constantFrom('succeeds', 'throws', 'throws for good' as const),
  eventComes: fc.boolean(),
});
/** An attempt that goes on after its lease, when the next one has begun: rare among single actions. */
const lateAttempt = fc.tuple(other, fate, fc.integer({ min: 2, max: 3 })).map(([each, next, at]) => [
  { ...each, act: 'consume' as const, fate: { kind: 'freezes', at } as Fate },
  { ...each, act: 'wait' as const, seconds: 700 as const },
  { ...each, act: 'consume' as const, fate: next },
  { ...each, act: 'thaw' as const },
]);
const one = <Each>(arbitrary: fc.Arbitrary<Each>) => arbitrary.map((each) => [each]);
const life = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: one(submit) },
      { weight: 1, arbitrary: lateAttempt },
      { weight: 26, arbitrary: one(other) },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((parts) => parts.flat());
type Action = typeof life extends fc.Arbitrary<(infer Each)[]> ? Each : never;

/** Lives the life of jobs of a type, and checks after each action that none of them is lost. */
function world(jobType: SampleType) {
  const faults: string[] = [];
  const stage = modelStage((before, after) => faults.push(...faultsOf(before, after, stage.now())));
  const functions = modelFunctions(stage, jobType);
  const workflow = modelWorkflow(stage, jobType, functions);
  const accepted = new Map<string, Date>();
  const from = (seconds: number) => new Date(stage.clock.ms + seconds * 1000);

  function submitted({ id, n, runAfter, expiresAfter }: Extract<Action, { act: 'submit' }>) {
    const optional = (seconds: number | undefined) =>
      seconds === undefined ? {} : `v1;${from(seconds).toISOString()}`;
    const { attributes, body, groupId } = sampleMessage({ id, n });
    stage.send({
      body,
      groupId,
      attributes: {
        ...attributes,
        acceptedAt: String(stage.clock.ms),
        ...(runAfter && { runAfter: optional(runAfter) as string }),
        ...(expiresAfter && { expiresAfter: optional(Math.max(expiresAfter, runAfter ?? 0)) as string }),
      },
    });
    if (!accepted.has(id)) accepted.set(id, stage.now());
  }

  const executionsOf = (id: string) =>
    [...stage.executions.values()].filter(({ input }) => JSON.parse(input).job.id === id);
  async function goOn(each: Fate, id: string, timeIsUp: boolean, eventComes: boolean) {
    for (const execution of executionsOf(id)) {
      const { status } = execution;
      await workflow.goOn(each, execution, timeIsUp);
      if (status === 'RUNNING' && execution.status !== 'RUNNING' && eventComes) {
        await functions.onExecutionEnded(each, execution).catch(() => undefined);
      }
    }
  }

  async function act(action: Action): Promise<void> {
    if (action.act === 'submit') return submitted(action);
    const { id, fate: each, seconds, code, eventComes } = action;
    const job: JobIdentity = identityOf(id);
    const run = async ({ attempt }: { attempt: number }) => {
      if (code === 'throws') throw new Error('down');
      if (code === 'throws for good') throw new PermanentJobError('NO', 'no');
      return { n: attempt };
    };
    const acts: Record<typeof action.act, () => unknown> = {
      consume: () => functions.consume(each, run),
      tick: () => functions.everyMinute(each),
      due: () => functions.onDue(each),
      'give up': () => {
        for (const message of stage.lane.values()) message.dead ||= message.visibleAt <= stage.clock.ms;
      },
      'dead letters': () => functions.deadLetters(each),
      cancel: () => functions.cancel(each, job, undefined),
      'cancel unseen': () => accepted.has(id) && functions.cancel(each, job, accepted.get(id)),
      move: () => functions.move(each, job, from(seconds)),
      decide: () => functions.decide(each, job),
      replay: () => functions.replay(each, job),
      workflow: () => goOn(each, id, false, eventComes),
      'time is up': () => goOn(each, id, true, eventComes),
      thaw: () => stage.frozen.shift()?.(),
      wait: () => {
        stage.clock.ms += seconds * 1000;
      },
    };
    await acts[action.act]();
  }

  /** Where an accepted job is; undefined if it is lost. */
  function placeOf(id: string): string | undefined {
    const row = stage.rowOf(identityOf(id));
    if (row && isSettled(row.status)) return row.status;
    const messages = [...stage.lane.values()].filter(({ message }) => message.attributes.jobId === id);
    const own = messages.some(({ message }) => !row || submissionIn(message).bodyDigest === row.bodyDigest);
    if (own) return 'in its lane';
    if (row?.dueKey !== undefined) return `due: ${row.dueKind}`;
    return undefined;
  }

  function check(after: string) {
    const lost = [...accepted.keys()].filter((id) => placeOf(id) === undefined);
    expect([after, faults, lost]).toEqual([after, [], []]);
  }

  /** Lets everything go on without faults until each job has its outcome. The events of workflows stay lost. */
  async function drain(): Promise<void> {
    for (const rest of stage.frozen.splice(0)) await rest();
    for (let round = 0; round < 100 && [...accepted.keys()].some((id) => !isOver(id)); round += 1) {
      stage.clock.ms += (round % 3 === 0 ? 1200 : 61) * 1000;
      await functions.everyMinute(NO_FAULT);
      await functions.onDue(NO_FAULT);
      await functions.deadLetters(NO_FAULT);
      for (let runs = 0; runs < 4; runs += 1)
        await functions.consume(NO_FAULT, async ({ attempt }) => ({ n: attempt }));
      for (const id of ids) await goOn(NO_FAULT, id, true, false);
      check('draining');
    }
  }
  const isOver = (id: string) => {
    const status = stage.rowOf(identityOf(id))?.status;
    return status !== undefined && isSettled(status) && !stage.lane.size;
  };

  return { stage, accepted, act, check, drain, isOver };
}

async function live(jobType: SampleType, actions: Action[]) {
  const each = world(jobType);
  for (const action of actions) {
    await each.act(action);
    each.check(JSON.stringify(action));
  }
  await each.drain();
  const left = [...each.accepted.keys()]
    .filter((id) => !each.isOver(id))
    .map((id) => [id, each.stage.rowOf(identityOf(id))]);
  expect(left).toEqual([]);
  return each;
}

describe('any order of submits, deliveries, crashes, freezes, replays, cancels, moves and decisions', () => {
  it.each([
    ['inline', sampleType()],
    ['durable', sampleType({ run: 'durable', maxAttempts: 1, timeoutSeconds: 86_400, awaitsDecision: true })],
  ] as const)('loses no %s job, and gives each of its generations one outcome', async (_, jobType) => {
    await fc.assert(
      fc.asyncProperty(life, async (actions) => {
        await live(jobType, actions);
      }),
      { numRuns: LIVES },
    );
  });
});
