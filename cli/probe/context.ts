import { setTimeout as sleep } from 'node:timers/promises';
import type { AppClient } from '@spillway/client/app-clients.ts';
import type { Stage } from '@spillway/client/deployed-stage.ts';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import type { CleanUp } from './clean-up.ts';

/** A job that was submitted. */
export interface Submitted {
  type: string;
  id: string;
  acceptedAt: string;
}

/** The tenant of a probe, which exists only while it runs. */
export interface ProbeTenant extends AppClient {
  apiKey: string;
  door: FrontDoor;
  /** Submits a job, by PUT if it gets an id. @throws Error if it is not accepted */
  submit(type: string, input: unknown, id?: string): Promise<Submitted>;
  /** Submits a body as it is, by POST. @throws Error if it is not accepted */
  submitText(type: string, body: string): Promise<Submitted>;
}

/** What every probe gets. */
export interface Context {
  stage: Stage;
  /** Where the local engine is. Absent on AWS. */
  endpoint?: string | undefined;
  /** The start of the name of everything that the probe makes. */
  label: string;
  tenant: ProbeTenant;
  cleanUp: CleanUp;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  report(line: string): void;
}

/** Waits, unless the probe is interrupted. */
export const pause = (context: Pick<Context, 'signal'>, seconds: number) =>
  sleep(seconds * 1000, undefined, { signal: context.signal });

/**
 * Looks again and again until there is something to see.
 *
 * @throws Error when the time is up, or the probe is interrupted
 */
export async function until<T>(
  context: Pick<Context, 'signal' | 'endpoint'>,
  what: string,
  seconds: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await pause(context, context.endpoint ? 0.2 : 2);
  }
}

/** Waits for the outcome of a job. */
export const outcomeOf = (context: Context, { type, id, acceptedAt }: Submitted, seconds: number): Promise<JobView> =>
  until(context, `an outcome of ${type} ${id}`, seconds, async () => {
    const { status, body } = await context.tenant.door.job(type, id, acceptedAt);
    return status === 200 && isSettled(body.status) && body;
  });

/** Waits for the outcomes of many jobs, a few at a time. */
export async function outcomesOf(context: Context, jobs: readonly Submitted[], seconds: number): Promise<JobView[]> {
  const end = Date.now() + seconds * 1000;
  const views: JobView[] = [];
  for (const chunk of partsOf(jobs, AT_A_TIME)) {
    const left = Math.max(1, (end - Date.now()) / 1000);
    views.push(...(await Promise.all(chunk.map((job) => outcomeOf(context, job, left)))));
  }
  return views;
}

const AT_A_TIME = 10;

/** Waits until the first attempt at a job is over and the job waits for its second one. */
export const inBackoff = (context: Context, { type, id, acceptedAt }: Submitted) =>
  until(context, `the first attempt at ${type} ${id}`, 120, async () => {
    const { body } = await context.tenant.door.job(type, id, acceptedAt);
    return body.status === 'QUEUED' && body.attempts === 1;
  });
