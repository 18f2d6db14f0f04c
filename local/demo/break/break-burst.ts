import { tokenSource } from '@spillway/client/access-token.ts';
import type { Stage } from '@spillway/client/deployed-stage.ts';
import { type FrontDoor, frontDoor } from '@spillway/client/front-door.ts';
import { tenants } from '@spillway/client/tenants.ts';
import type { Engine } from '@spillway/engine/engine.ts';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import { type JobSummary, LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { type Burst, runBurst } from '../burst/burst.ts';
import { patiently } from '../burst/patiently.ts';
import type { Summary } from '../burst/summary.ts';
import { consumersOf, type Hits, injectFaults } from './faults.ts';
import { auditLedger, readLedger } from './ledger-check.ts';
import { planFaults } from './plan.ts';

export interface BreakTest {
  engine: Engine;
  stage: Stage;
  outputs: Outputs;
  /** Job types whose consumers are broken. */
  jobTypes: readonly JobType[];
  /** How many jobs a burst has. */
  jobs: number;
  seed: number;
  /** How many faults are tried. */
  faults: number;
  show?: Burst['show'];
}

export interface Broken {
  /** One, unless its work ended before all faults had hit a worker. */
  bursts: Summary[];
  hits: Hits;
  /** What is wrong. Must be empty. */
  problems: string[];
}

/** Far more than a plan needs whose faults are a tenth of its jobs. */
const MOST_BURSTS = 5;

/**
 * Sends bursts of a new tenant while its consumers are killed, frozen and late, until all faults have hit one, and checks every
 * outcome afterwards.
 */
export async function runBreakTest(test: BreakTest): Promise<Broken> {
  const { engine, stage, outputs, jobTypes, jobs: count, seed } = test;
  const credentials = await tenants(stage).create(`break-${seed}-${Date.now().toString(36)}`);
  const door = frontDoor(stage, { token: tokenSource(stage, credentials), apiKey: credentials.apiKey });
  const ended = new AbortController();
  let breaking = true;
  const broken = injectFaults(engine.pid, consumersOf(jobTypes), planFaults(seed, test.faults), ended.signal).finally(
    () => {
      breaking = false;
    },
  );
  // reported below, after the bursts
  broken.catch(() => {});
  const burst = { door, jobTypes, count, outputs, ...(test.show && { show: test.show }) };
  const bursts: Summary[] = [];
  try {
    do bursts.push(await runBurst(burst));
    while (breaking && bursts.length < MOST_BURSTS);
  } finally {
    ended.abort();
  }
  const hits = await broken;
  const problems = bursts.flatMap(problemsOf);
  if (jobTypes.some(({ name }) => name === ledgerPosting.name)) {
    const ledger = await readLedger(outputOf(outputs, 'processing', 'LedgerTableName'), credentials.clientId);
    problems.push(...auditLedger(ledger, await listJobs(door, ledgerPosting.name)));
  }
  return { bursts, hits, problems };
}

const problemsOf = ({ lost, doubled, unfinished }: Summary): string[] => [
  ...(lost > 0 ? [`${lost} jobs are lost`] : []),
  ...(doubled > 0 ? [`${doubled} jobs settled twice`] : []),
  ...(unfinished > 0 ? [`${unfinished} jobs did not finish`] : []),
];

async function listJobs(door: FrontDoor, type: string): Promise<JobSummary[]> {
  const jobs: JobSummary[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: String(LONGEST_PAGE), ...(cursor && { cursor }) };
    const { body } = await patiently(`the list of ${type} jobs`, 200, () => door.jobs(type, query));
    jobs.push(...body.jobs);
    cursor = body.cursor;
  } while (cursor);
  return jobs;
}
