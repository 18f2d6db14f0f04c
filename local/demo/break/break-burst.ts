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
  /** How many jobs are sent. */
  jobs: number;
  seed: number;
  /** How many faults are tried. */
  faults: number;
  show?: Burst['show'];
}

export interface Broken {
  summary: Summary;
  hits: Hits;
  /** What is wrong. Must be empty. */
  problems: string[];
}

/** Sends a burst of a new tenant while its consumers are killed, frozen and late, and checks every outcome afterwards. */
export async function runBreakTest(test: BreakTest): Promise<Broken> {
  const { engine, stage, outputs, jobTypes, jobs: count, seed } = test;
  const credentials = await tenants(stage).create(`break-${seed}-${Date.now().toString(36)}`);
  const door = frontDoor(stage, { token: tokenSource(stage, credentials), apiKey: credentials.apiKey });
  const ended = new AbortController();
  const breaking = injectFaults(engine.pid, consumersOf(jobTypes), planFaults(seed, test.faults), ended.signal);
  // reported below, after the burst
  breaking.catch(() => {});
  const summary = await runBurst({ door, jobTypes, count, outputs, ...(test.show && { show: test.show }) }).finally(
    () => ended.abort(),
  );
  const hits = await breaking;
  const problems: string[] = [];
  if (summary.lost > 0) problems.push(`${summary.lost} jobs are lost`);
  if (summary.doubled > 0) problems.push(`${summary.doubled} jobs settled twice`);
  if (summary.unfinished > 0) problems.push(`${summary.unfinished} jobs did not finish`);
  if (jobTypes.some(({ name }) => name === ledgerPosting.name)) {
    const ledger = await readLedger(outputOf(outputs, 'processing', 'LedgerTableName'), credentials.clientId);
    problems.push(...auditLedger(ledger, await listJobs(door, ledgerPosting.name)));
  }
  return { summary, hits, problems };
}

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
