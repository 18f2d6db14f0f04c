import type { SQSEvent } from 'aws-lambda';
import { handleBatch } from '../../attempt/batch.ts';
import type { Job, STARTED } from '../../attempt/job-code.ts';
import { soonLook } from '../../attempt/looks.ts';
import { readSubmission } from '../../attempt/parse.ts';
import type { Observer } from '../../attempt/ports.ts';
import type { JobIdentity } from '../../contracts/job.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { laneOf } from '../../contracts/lane.ts';
import { goesOnAlone } from '../../contracts/run-kinds.ts';
import { blockWrites } from '../../job-store/blocks.ts';
import { jobCancels } from '../../job-store/cancels.ts';
import { dueReads } from '../../job-store/due-reads.ts';
import { dueWrites } from '../../job-store/due-writes.ts';
import { failureReads } from '../../job-store/failures.ts';
import { jobReads } from '../../job-store/reads.ts';
import { jobReplays } from '../../job-store/replays.ts';
import { rowWriter } from '../../job-store/row-writer.ts';
import { jobWaits } from '../../job-store/waits.ts';
import { jobWrites } from '../../job-store/writes.ts';
import { cancelling } from '../../runtime/cancel/cancel.ts';
import { handleDue } from '../../runtime/due/on-due.ts';
import { minuteOf, tick } from '../../runtime/due/tick.ts';
import { s3Archive } from '../../runtime/lane/archive.ts';
import { recover } from '../../runtime/lane/recover.ts';
import { planReplay } from '../../runtime/replay/plan.ts';
import { looking, starting } from '../../runtime/workflow/durable.ts';
import { type Execution, settleEnded } from '../../runtime/workflow/execution-end.ts';
import { goOn } from '../../runtime/workflow/go-on.ts';
import { stopping } from '../../runtime/workflow/stop.ts';
import { executionName } from '../../runtime/workflow/workflow.ts';
import type { SampleInput, SampleResult } from '../workbench.ts';
import type { Fate } from './function-run.ts';
import { type ModelStage, type Services, TABLE } from './stage.ts';

const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:spillway-dev-sample';
const FIRST_LOOK_SECONDS = 900;
const BATCH = 3;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const observer: Observer = {
  claimed() {},
  settled() {},
  retrying() {},
  parked() {},
  blocking() {},
  ranOn() {},
  dropped() {},
  broke() {},
};

export type SampleType = JobType<SampleInput, SampleResult>;

/** The functions of a stage, which are the real ones, with in-memory services. */
export function modelFunctions(stage: ModelStage, jobType: SampleType) {
  const { now, lane } = stage;
  const archiveIn = ({ objects }: Services) => s3Archive(jobType, objects, objects);
  const arnOf = (job: Parameters<typeof executionName>[0]) =>
    `${MACHINE.replace(':stateMachine:', ':execution:')}:${executionName(job)}`;
  const endTools = (services: Services) => ({
    jobType,
    store: jobWrites(services.dynamo, TABLE),
    archive: archiveIn(services),
    payloads: services.objects,
    observer,
    now,
  });
  const calling = (fate: Fate, work: (services: Services) => Promise<void>) =>
    stage.runFunction(fate, (run) => work(stage.services(run)));

  /** A consumer's run with up to three of the messages that are visible. */
  const consume = (fate: Fate, code: (job: Job) => Promise<SampleResult>) =>
    stage.runFunction(fate, async (run) => {
      const services = stage.services(run);
      const received = [...lane.values()]
        .filter(({ dead, visibleAt }) => !dead && visibleAt <= stage.clock.ms)
        .slice(0, BATCH);
      for (const each of received) {
        each.visibleAt = stage.clock.ms + laneOf(jobType).visibilityTimeoutSeconds * 1000;
        each.message.receiveCount += 1;
      }
      const messages = received.map(({ message }) => ({ ...message }));
      const again = await handleBatch(messages, () => 900_000, {
        ...endTools(services),
        run: async (input: SampleInput, job: Job): Promise<SampleResult | typeof STARTED> => {
          if (goesOnAlone(jobType)) return starting<SampleInput>(services.sfn, MACHINE)(input, job);
          return run.call(() => code(job));
        },
        ...(goesOnAlone(jobType) && {
          goesOn: { look: looking(services.sfn, MACHINE, endTools(services)), firstLookSeconds: FIRST_LOOK_SECONDS },
        }),
        files: { open: async () => undefined, create: () => ({ write: async () => undefined, end: async () => '' }) },
        lane: services.lane,
        laneName: 'lane',
        due: services.due,
        loggerFor: () => silent,
        random: () => 0,
      });
      if (run.hasCrashed()) return;
      // even with an old receipt, a standard queue may delete a message
      for (const { messageId } of messages) if (!again.includes(messageId)) lane.delete(messageId);
    });

  /** The tick of the current minute. */
  const everyMinute = (fate: Fate) =>
    calling(fate, ({ dynamo, due }) =>
      tick(minuteOf(now().toISOString()), {
        reads: dueReads(dynamo, TABLE),
        due,
        observer: { overdue() {} },
        now,
      }),
    );

  /** A run with all references that have come. */
  const onDue = (fate: Fate) =>
    stage.runFunction(fate, async (run) => {
      const services = stage.services(run);
      const come = stage.references.filter(({ at }) => at.getTime() <= stage.clock.ms);
      const Records = come.map(({ reference }, index) => ({
        messageId: String(index),
        body: JSON.stringify([reference]),
      }));
      const { batchItemFailures } = await handleDue({ Records } as unknown as SQSEvent, {
        reads: dueReads(services.dynamo, TABLE),
        store: dueWrites(services.dynamo, TABLE),
        lanes: services.lanes,
        inputs: services.objects,
        payloads: services.objects,
        due: services.due,
        stage: 'dev',
        firstLookSeconds: FIRST_LOOK_SECONDS,
        archiveFor: () => archiveIn(services),
        observerFor: () => observer,
        now,
      });
      const again = new Set(batchItemFailures.map(({ itemIdentifier }) => come[Number(itemIdentifier)]));
      const done = come.filter((each) => !again.has(each));
      if (!run.hasCrashed()) for (const each of done) stage.references.splice(stage.references.indexOf(each), 1);
    });

  /** A run with the dead letters. */
  const deadLetters = (fate: Fate) =>
    stage.runFunction(fate, async (run) => {
      const services = stage.services(run);
      for (const { message } of [...lane.values()].filter(({ dead }) => dead)) {
        const waitSeconds = await recover(message, jobType.name, {
          ...endTools(services),
          reads: jobReads(services.dynamo, TABLE),
          returnToLane: ({ jobId, delaySeconds }) => services.lane.sendAgain(message, jobId, delaySeconds),
        });
        if (waitSeconds === 0 && !run.hasCrashed()) lane.delete(message.messageId);
      }
    });

  const cancel = (fate: Fate, job: JobIdentity, acceptedAt: Date | undefined) =>
    calling(fate, async ({ dynamo, sfn, due }) => {
      const cancels = jobCancels(dynamo, TABLE);
      const tools = { cancels, stop: stopping(sfn, arnOf), due, firstLookSeconds: FIRST_LOOK_SECONDS, logger: silent };
      await cancelling(tools)(job, now(), acceptedAt && { acceptedAt, traceId: '0'.repeat(32) });
    });

  const move = (fate: Fate, job: JobIdentity, runAfter: Date) =>
    calling(fate, async ({ dynamo, due }) => {
      const answer = await dueWrites(dynamo, TABLE).move(job, runAfter, now());
      if (answer.kind === 'moved' && answer.soon) await due.send(answer.soon.reference, answer.soon.at);
    });

  const decide = (fate: Fate, job: JobIdentity) =>
    calling(fate, async ({ dynamo, sfn, due }) => {
      const lookAt = soonLook(now(), FIRST_LOOK_SECONDS);
      const answer = await jobWaits(dynamo, TABLE).decide(job, { decision: 'approve' }, { now: now(), lookAt });
      if (answer.kind !== 'decided') return;
      if (answer.soon) await due.send(answer.soon.reference, answer.soon.at);
      await goOn(sfn)(answer.token, answer.decision);
    });

  const replay = (fate: Fate, job: JobIdentity) =>
    calling(fate, async ({ dynamo, objects, lane: { sendAgain } }) => {
      const plan = await planReplay(
        job,
        { since: now() },
        {
          reads: failureReads(dynamo, TABLE),
          store: { ...jobReplays(dynamo, TABLE), ...blockWrites(rowWriter(dynamo, TABLE)) },
          show: async () => true,
          archive: objects,
          send: (_, message, jobId) => sendAgain(message, jobId, 0),
          now,
        },
      );
      if (plan.kind !== 'send') return;
      await plan.send();
      await plan.write();
    });

  /** Settles the job of an execution that has ended. */
  const onExecutionEnded = (fate: Fate, execution: Execution) =>
    calling(fate, (services) => settleEnded(execution, endTools(services)));

  const submissionOf = (id: string) => {
    const { message } = [...lane.values()].find(({ message: { attributes } }) => attributes.jobId === id) ?? {};
    return message && readSubmission(message, jobType.name);
  };

  return {
    consume,
    everyMinute,
    onDue,
    deadLetters,
    cancel,
    move,
    decide,
    replay,
    onExecutionEnded,
    submissionOf,
    calling,
  };
}
export type ModelFunctions = ReturnType<typeof modelFunctions>;
