import type { JobType } from '../contracts/job-type.ts';
import { goesOnAlone, workflowKind } from '../contracts/run-kinds.ts';
import type { Resource } from './cloudformation.ts';
import { jobTypesOf, loadJobTypes } from './job-types.ts';
import type { PluginTools, Serverless } from './plugin.ts';
import { BATCHES_PER_SHARD } from './stream-reader.ts';

/** Two readers of the stream; a new table has four shards. */
const STREAM_READERS = 2;
const SHARDS = 4;
/** Of events to the sockets of tenants with many connections (services/streams, on-push): one for each part of a push. */
export const PUSHERS = 16;

/** How many functions of a stage may run at the same time, by what starts them. */
export interface Concurrency {
  consumers: number;
  steps: number;
  readers: number;
  pushers: number;
  /** Reserved for single functions, which others cannot use: for messages of the socket, with the parameter `socketConcurrency`. */
  reserved: number;
}

/** What an account allows. */
export interface Allowed {
  all: number;
  /** What none of its functions has reserved. */
  unreserved: number;
}

/**
 * Shows, when a service with job types or with reserved concurrency is deployed, how many functions of the stage may run at the same time, beside what
 * the account allows. All functions of an account share its concurrency, and that of a new account may be as low as ten
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Throttles cost a job no attempt, but time.
 */
export default class ConcurrencyCheck {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginTools) {
    this.hooks = {
      'before:deploy:deploy': async () => {
        const { service, provider } = serverless.service;
        const reserved = reservedIn(provider.compiledCloudFormationTemplate.Resources);
        if (jobTypesOf(service).length === 0 && reserved === 0) return;
        const allowed = await accountConcurrency(serverless);
        const { text, exceeds } = report(concurrencyOf(loadJobTypes(), reserved, allowed), allowed?.all);
        if (exceeds) log.warning(text);
        else log.notice(text);
      },
    };
  }
}

/** What the functions of a template reserve. One that reserves nothing may have a reference to no value. */
export const reservedIn = (resources: Record<string, Resource>): number =>
  Object.values(resources).reduce(
    (sum, { Properties }) => sum + (Number(Properties?.ReservedConcurrentExecutions) || 0),
    0,
  );

/**
 * The concurrency of all job types and of the readers of the table's stream, without what has no limit of its own: requests to
 * the API, the steps of durable workflows, which go on without their consumers, and on-due when many jobs fall due at once.
 *
 * @param reserved by the functions of the service that is deployed. If it reserves none, what the account's functions have reserved counts
 */
export function concurrencyOf(jobTypes: readonly JobType[], reserved = 0, allowed?: Allowed): Concurrency {
  const sum = (of: (jobType: JobType) => number) => jobTypes.reduce((total, jobType) => total + of(jobType), 0);
  return {
    consumers: sum(({ maxConcurrency }) => maxConcurrency),
    // an Express workflow runs one step at a time, and its consumer waits for it
    steps: sum((jobType) =>
      workflowKind(jobType) && !goesOnAlone(jobType) ? jobType.maxConcurrency * jobType.batchSize : 0,
    ),
    // one reader of dead letters for each service
    readers: new Set(jobTypes.map(({ service }) => service)).size + STREAM_READERS * SHARDS * BATCHES_PER_SHARD,
    pushers: PUSHERS,
    reserved: reserved || (allowed ? allowed.all - allowed.unreserved : 0),
  };
}

/** The concurrency of everything together. */
export const totalOf = (concurrency: Concurrency): number =>
  Object.values(concurrency).reduce((sum: number, each: number) => sum + each, 0);

/** @param allowed the account's concurrency, if it is known */
export function report(concurrency: Concurrency, allowed?: number) {
  const { consumers, steps, readers, pushers, reserved } = concurrency;
  const total = totalOf(concurrency);
  const needed = `Up to ${total} functions of a stage run at the same time, beside requests to the API, steps of durable workflows and bursts of due jobs: ${consumers} consumers, ${steps} steps of Express workflows, ${readers} readers of dead letters and of the table's stream, ${pushers} that push to many sockets, ${reserved} reserved for single functions.`;
  if (allowed === undefined) return { text: needed, exceeds: false };
  if (total <= allowed) return { text: `${needed} The account allows ${allowed}.`, exceeds: false };
  return {
    text: `${needed} The account allows only ${allowed} for all its functions, so they will be throttled: ask AWS for more (Service Quotas, Lambda, "Concurrent executions"), or lower maxConcurrency in the contracts.`,
    exceeds: true,
  };
}

/** What the account allows, or undefined if whoever deploys may not ask, or the endpoint does not know. */
async function accountConcurrency(serverless: Serverless): Promise<Allowed | undefined> {
  // loaded only here, because packaging needs no client
  const { LambdaClient, GetAccountSettingsCommand } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand());
    const { ConcurrentExecutions: all, UnreservedConcurrentExecutions: unreserved = all } = AccountLimit ?? {};
    return all === undefined || unreserved === undefined ? undefined : { all, unreserved };
  } catch {
    return undefined;
  }
}
