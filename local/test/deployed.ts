import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tokenSource } from '@spillway/client/access-token.ts';
import type { Stage } from '@spillway/client/deployed-stage.ts';
import { type Access, type FrontDoor, frontDoor, jobPath } from '@spillway/client/front-door.ts';
import type { Credentials } from '@spillway/client/tenants.ts';
import type { Administrator } from '@spillway/engine/administrator.ts';
import type { Engine } from '@spillway/engine/engine.ts';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import { type Accepted, isSettled, type JobView } from '@spillway/shared/contracts/job.ts';
import { bucket } from './bucket.ts';

/** A tenant's secrets, and a token that was valid when the tests began. */
export type Tenant = Credentials & Access;

/** The engine that the end-to-end tests run on, with everything deployed to it. */
export interface Deployed {
  engine: Engine;
  stage: Stage;
  outputs: Outputs;
  one: Tenant;
  other: Tenant;
  /** Signs requests to the routes for administrators. */
  administrator: Administrator;
}

/** Reads what `run-e2e.ts` wrote before it started the tests. */
function readDeployed(): Deployed {
  const file = process.env.SPILLWAY_E2E;
  if (!file) throw new Error('The end-to-end tests need a deployed engine: run them with "npm run test:e2e".');
  return JSON.parse(readFileSync(file, 'utf8'));
}

export const { engine, stage, outputs, one, other, administrator } = readDeployed();
/** An output of a service's stack. */
export const output = (service: string, name: string) => outputOf(outputs, service, name);
export const sqs = new SQSClient({});
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const archive = bucket(output('processing', 'ArchiveBucketName'));
export const uploads = bucket(output('processing', 'UploadBucketName'));
export const lake = bucket(output('analytics', 'LakeBucketName'));
export const laneUrl = (type: string, suffix = '') =>
  `${engine.endpoint}/000000000000/spillway-${stage.name}-${type}${suffix}`;

/** By API key: a tenant that was restored has new credentials. */
const doors = new Map<string, FrontDoor>();

/** The front door for a tenant, with tokens that are renewed: the tests may take longer than one is valid. */
export function frontDoorOf(tenant: Tenant): FrontDoor {
  const door =
    doors.get(tenant.apiKey) ?? frontDoor(stage, { token: tokenSource(stage, tenant), apiKey: tenant.apiKey });
  doors.set(tenant.apiKey, door);
  return door;
}

/** How a request differs from a good one of the tenant `one`. An empty header is not sent. */
export interface Difference {
  as?: Tenant;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request to the front door, with a good token and API key unless the difference replaces them. */
export function request<Body = Record<string, unknown>>(path: string, { as = one, ...difference }: Difference = {}) {
  const headers = Object.entries(difference.headers ?? {}).map(([name, value]) => [name, value || undefined]);
  return frontDoorOf(as).request<Body>(path, { ...difference, headers: Object.fromEntries(headers) });
}

/** Submits a job; with an id by PUT. */
export const submit = (type: string, input: unknown, id?: string, difference: Difference = {}) =>
  request<Accepted>(id === undefined ? `/jobs/${type}` : jobPath(type, id), {
    method: id === undefined ? 'POST' : 'PUT',
    body: JSON.stringify(input),
    ...difference,
  });

export const getJob = (type: string, id: string, as = one) => frontDoorOf(as).job(type, id);
export const listJobs = (type: string, query: Record<string, string>, as = one) => frontDoorOf(as).jobs(type, query);

const POLL_EVERY_MS = 100;
/** What takes a second on a quiet machine may take this long on a loaded one. Only tests that fail wait for so long. */
const PATIENCE_SECONDS = 90;

/**
 * Polls until there is a result.
 *
 * @throws Error when the time is up
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinSeconds = PATIENCE_SECONDS,
): Promise<T> {
  const end = Date.now() + withinSeconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${withinSeconds} s`);
    await sleep(POLL_EVERY_MS);
  }
}

/** Waits for a job's outcome. */
export const waitForOutcome = (
  type: string,
  id: string,
  withinSeconds = PATIENCE_SECONDS,
  as = one,
): Promise<JobView> =>
  eventually(
    `an outcome of ${type} ${id}`,
    async () => {
      const { status, body } = await getJob(type, id, as);
      return status === 200 && isSettled(body.status) && body;
    },
    withinSeconds,
  );
