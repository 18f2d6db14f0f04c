import { randomUUID } from 'node:crypto';
import { pathForUser } from '@spillway/engine/user-paths.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { CliError } from '../errors.ts';
import type { Target } from '../session.ts';
import type { Probe } from './check.ts';
import { CleanUp } from './clean-up.ts';
import { countMessages } from './lane-access.ts';
import { door } from './probes/a-door.ts';
import { largest } from './probes/b-largest.ts';
import { longRetries } from './probes/c-long-retries.ts';
import { outage } from './probes/d-outage.ts';
import { silentParts } from './probes/e-silent-parts.ts';
import { markdown, redact, summary, table, writeReport } from './report.ts';
import { type Findings, longestMinutes, runProbes } from './runner.ts';
import { createTenant } from './tenant.ts';

/** All probes, in the order in which they start. */
export const PROBES: readonly Probe<unknown>[] = [door, largest, longRetries, outage, silentParts];

/**
 * In dollars, at the prices of us-east-1. A full run makes about 15,000 requests and 300 jobs, which is less than $0.10; a
 * tenth of it is what its twelve access tokens cost.
 */
const COSTS_LESS_THAN = 0.5;

/** What a run will do, for a person who has to agree. */
export async function announcement(target: Target, probes: readonly Probe<unknown>[]): Promise<string> {
  const { stage, endpoint } = target;
  const place = endpoint ? 'the local engine' : `stage ${stage.name} in ${process.env.AWS_REGION}`;
  const waiting = await countWaiting(target, probes);
  return [
    `This probes ${place}: ${probes.map(({ letter }) => letter).join(', ')}.`,
    '',
    ...probes.flatMap(({ letter, title, does }) => [`${letter}. ${title}`, ...does.map((each) => `   - ${each}`)]),
    '',
    'It also creates a tenant with its app clients and API keys. Everything is put back and deleted at the end.',
    ...(endpoint
      ? ['It takes about two minutes: there is less of everything than on AWS, and it waits less.']
      : [
          `It costs less than $${COSTS_LESS_THAN.toFixed(2)} and takes about ${longestMinutes(probes)} minutes.`,
          'Use a stage without traffic: its jobs would wait or be refused meanwhile.',
        ]),
    ...(waiting > 0 ? [`The lanes hold ${waiting} messages of others, which may have to wait.`] : []),
  ].join('\n');
}

async function countWaiting({ stage }: Target, probes: readonly Probe<unknown>[]): Promise<number> {
  const lanes = new Set(probes.flatMap((probe) => probe.lanes));
  const jobTypes = loadJobTypes().filter(({ name }) => lanes.has(name));
  const counts = await Promise.all(jobTypes.map((jobType) => countMessages({ stage }, jobType)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Runs probes and writes the report. Ctrl-C ends them early; what they made is removed in any case.
 *
 * @throws CliError if a check failed, something could not be removed, or it was interrupted
 */
export async function probe(target: Target, probes: readonly Probe<unknown>[], file: string): Promise<void> {
  const { stage, endpoint } = target;
  const startedAt = new Date();
  const stopping = new AbortController();
  const interrupt = () => {
    report(stopping.signal.aborted ? 'Still cleaning up …' : 'Interrupted: cleaning up …');
    stopping.abort();
  };
  const report = (line: string) => console.error(hide(line));
  const secrets: string[] = [stage.userPoolId, stage.usagePlanId];
  const hide = (text: string) => redact(text, secrets);
  const cleanUp = new CleanUp(report);
  const label = `spillway-${stage.name}-probe-${randomUUID().slice(0, 8)}`;
  const shared = { stage, endpoint, label, signal: stopping.signal, report };
  for (const signal of SIGNALS) process.on(signal, interrupt);

  let found: Findings = { results: [], leftBehind: [] };
  let failure: unknown;
  try {
    const tenant = await createTenant({ ...shared, cleanUp });
    secrets.push(tenant.clientSecret, tenant.apiKey, tenant.clientId);
    found = await runProbes(probes, { ...shared, tenant });
  } catch (error) {
    failure = error;
  }
  found.leftBehind.push(...(await cleanUp.run()));
  for (const signal of SIGNALS) process.off(signal, interrupt);
  if (failure && !stopping.signal.aborted) throw failure;

  const heading = {
    stage: stage.name,
    place: endpoint ? 'the local engine' : (process.env.AWS_REGION ?? ''),
    startedAt,
    interrupted: stopping.signal.aborted,
  };
  writeReport(file, hide(markdown(heading, probes, found)));
  console.log(hide(`${table(found.results)}\n\n${summary(found.results)}`));
  console.log(`The report is in ${pathForUser(file)}. It has no secrets and no account ids.`);
  const failed = found.results.some(({ verdict }) => verdict === 'fail');
  if (stopping.signal.aborted) throw new CliError('INTERRUPTED', 'The probe was interrupted.');
  if (found.leftBehind.length > 0)
    throw new CliError('LEFT_BEHIND', 'Something could not be put back: see the report.');
  if (failed) throw new CliError('PROBE_FAILED', 'Some checks failed: see the report.');
}

const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
