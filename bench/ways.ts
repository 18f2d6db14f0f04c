import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { adminDoor } from '@spillway/client/admin-door.ts';
import { type FrontDoor, frontDoor } from '@spillway/client/front-door.ts';
import { watchBus } from '@spillway/demo/burst/bus.ts';
import { decider } from '@spillway/demo/burst/decider.ts';
import { SENDERS } from '@spillway/demo/burst/send.ts';
import { CLOSED_PATH, type Sink, startSink } from '@spillway/demo/burst/webhook-sink.ts';
import { ensureAdministrator } from '@spillway/engine/administrator.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import { HIGHEST_RATE } from '@spillway/shared/contracts/failure.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import { waysTable } from './calls-of-ways.ts';
import { costInputOf } from './cost/inputs.ts';
import type { Calls, Deployed } from './deployed-engine.ts';

const JOBS = 500;
const BATCH = 100;
/**
 * Longer than the sending takes, so that all of them wait in their rows. It is so short that each job's consumer sends a reference
 * to it; what falls due in more than three minutes shares them.
 */
const DELAY_SECONDS = 15;
const POLL_EVERY_MS = 50;
const TIMEOUT_MS = 180_000;
/** The reader that writes facts may be this much later than the one whose events the run waits for. */
const READERS_LAG_MS = 2000;

interface Tools extends Deployed {
  door: FrontDoor;
  sink: Sink;
}

interface MeasuredWay {
  jobType: JobType;
  /** Lets all jobs come, or come back. Each of them then gets one outcome. */
  start(tools: Tools): Promise<void>;
}

/** The ways in, to run and back. The jobs that fail are those that are replayed. */
const WAYS: Record<string, MeasuredWay> = {
  single: { jobType: csvImport, start: ({ door }) => submitEach(door, csvImport, inputs(csvImport)) },
  [`batch of ${BATCH}`]: { jobType: csvImport, start: submitBatches },
  [`delayed by ${DELAY_SECONDS} s`]: {
    jobType: csvImport,
    start: ({ door }) => submitEach(door, csvImport, inputs(csvImport), String(DELAY_SECONDS)),
  },
  durable: {
    jobType: documentApproval,
    start: ({ door }) => submitEach(door, documentApproval, inputs(documentApproval)),
  },
  failed: {
    jobType: webhookDelivery,
    start: ({ door, sink }) => submitEach(door, webhookDelivery, inputs(webhookDelivery, `${sink.url}${CLOSED_PATH}`)),
  },
  replayed: { jobType: webhookDelivery, start: replayAll },
};

/** Counts the calls of jobs that come, run and come back in each way. @returns the result as a table */
export async function measureWays(deployed: Deployed): Promise<string> {
  const { stage, tenant } = deployed;
  const sink = await startSink();
  const tools = {
    ...deployed,
    sink,
    door: frontDoor(stage, { token: tokenSource(stage, tenant), apiKey: tenant.apiKey }),
  };
  const counted: Record<string, Record<string, Calls>> = {};
  try {
    for (const [name, { jobType, start }] of Object.entries(WAYS)) {
      const decisions = decider(tools.door);
      const inspection = outputOf(deployed.outputs, 'streams', 'InspectionQueueUrl');
      const bus = watchBus(inspection, undefined, { waits: decisions.decide });
      await deployed.calls.reset();
      await start(tools);
      const end = Date.now() + TIMEOUT_MS;
      // the replay is a job, too
      const outcomes = () => bus.seen.settled.get(jobType.name) ?? 0;
      while (outcomes() < JOBS && Date.now() < end) await Promise.race([sleep(POLL_EVERY_MS), decisions.failed]);
      await bus.stop();
      if (outcomes() < JOBS)
        throw new LocalError('BURST_FAILED', `Only ${outcomes()} of ${JOBS} jobs settled: ${name}`);
      await sleep(READERS_LAG_MS);
      counted[name] = await deployed.calls.readByFunction();
    }
  } finally {
    sink.stop();
  }
  return waysTable(counted, JOBS);
}

const inputs = (jobType: JobType, sinkUrl = '') =>
  Array.from({ length: JOBS }, (_, n) => costInputOf(jobType, n, sinkUrl));

async function submitEach(door: FrontDoor, { name }: JobType, all: unknown[], runAfter?: string): Promise<void> {
  const left = all.values();
  const sender = async () => {
    for (const input of left) {
      const { status } = await door.submit(name, input, { jobId: randomUUID(), ...(runAfter && { runAfter }) });
      if (status !== 202) throw new LocalError('REFUSED', `The front door refused a ${name} job: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function submitBatches({ door }: Tools): Promise<void> {
  for (const part of partsOf(inputs(csvImport), BATCH)) {
    const jobs = part.map((input) => ({ input }));
    const answer = await door.request(`/jobs/${csvImport.name}/batch`, {
      method: 'POST',
      body: JSON.stringify({ jobs }),
    });
    if (answer.status !== 202) throw new LocalError('REFUSED', `The front door refused a batch: ${answer.status}`);
  }
}

/** Lets the receiver take what it refused before. */
async function replayAll({ engine, outputs, stage, sink }: Tools): Promise<void> {
  sink.open();
  const admin = adminDoor(stage, await ensureAdministrator(engine, outputs));
  const answer = await admin.replay({ filter: { type: webhookDelivery.name }, ratePerSecond: HIGHEST_RATE });
  if (answer.status !== 202) throw new LocalError('REFUSED', `The front door refused the replay: ${answer.status}`);
}
