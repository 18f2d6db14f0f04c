import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobList, JobView } from '../contracts/job.ts';
import { isSettled } from '../contracts/job.ts';
import { objects } from '../runtime/objects.ts';
import { listKeys } from './list-keys.ts';

/** A tenant's access to the front door. */
export interface Tenant {
  tenant: string;
  clientId: string;
  token: string;
  apiKey: string;
}

interface Description {
  engine: { pid: number };
  stage: { apiUrl: string; endpoint: string; name: string; userPoolId: string; tokenUrl: string };
  outputs: Record<'processing' | 'ingress' | 'streams' | 'analytics', Record<string, string>>;
  one: Tenant;
  other: Tenant;
}

/** The engine that `npm test` deployed everything to (local/end-to-end.ts). */
function description(): Description {
  const file = process.env.SPILLWAY_E2E;
  if (!file) throw new Error('end-to-end tests need the deployed engine: run them with "npm test -- end-to-end"');
  return JSON.parse(readFileSync(file, 'utf8'));
}

export const { engine, stage, outputs, one, other } = description();
export const sqs = new SQSClient({});
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const archive = objects(outputs.processing.ArchiveBucketName ?? '');
export const laneUrl = (type: string, suffix = '') =>
  `${stage.endpoint}/000000000000/spillway-${stage.name}-${type}${suffix}`;

/** An answer of the front door. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What of a request differs from a good one. */
export interface Difference {
  as?: Tenant;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request to the front door, with a good token and key unless it says otherwise. An empty header is left out. */
export async function request<Body = Record<string, unknown>>(
  path: string,
  difference: Difference = {},
): Promise<Answer<Body>> {
  const { as = one, method = 'GET', headers = {}, body } = difference;
  const all = {
    authorization: `Bearer ${as.token}`,
    'x-api-key': as.apiKey,
    'content-type': 'application/json',
    ...headers,
  };
  const response = await fetch(`${stage.apiUrl}${path}`, {
    method,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

/** Submits a job; with an id by PUT. */
export const submit = (type: string, input: unknown, id?: string, difference: Difference = {}) =>
  request<{ jobId: string; status: string; detail: string; links: { self: string } }>(
    id === undefined ? `/jobs/${type}` : `/jobs/${type}/${encodeURIComponent(id)}`,
    { method: id === undefined ? 'POST' : 'PUT', body: JSON.stringify(input), ...difference },
  );

export const jobOf = (type: string, id: string, as = one) =>
  request<JobView>(`/jobs/${type}/${encodeURIComponent(id)}`, { as });
export const jobsOf = (type: string, query: Record<string, string>, as = one) =>
  request<JobList>(`/jobs/${type}?${new URLSearchParams(query)}`, { as });

const LOOK_EVERY_MS = 100;

/**
 * Looks until there is something to see.
 *
 * @throws Error when the time is over
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinSeconds = 30,
): Promise<T> {
  const end = Date.now() + withinSeconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${withinSeconds} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** A job's outcome. */
export const outcomeOf = (type: string, id: string, withinSeconds = 30, as = one): Promise<JobView> =>
  eventually(
    `an outcome of ${type} ${id}`,
    async () => {
      const { status, body } = await jobOf(type, id, as);
      return status === 200 && isSettled(body.status) && body;
    },
    withinSeconds,
  );

const lakeBucket = outputs.analytics.LakeBucketName ?? '';
const lake = objects(lakeBucket);

/** Every fact in the lake, with the key of its object. */
export async function factsInTheLake(): Promise<{ key: string; fact: unknown }[]> {
  const keys = await listKeys(stage.endpoint, lakeBucket, 'facts/');
  const texts = await Promise.all(keys.map((key) => lake.get(key)));
  return keys.flatMap((key, index) => linesOf(texts[index]).map((line) => ({ key, fact: JSON.parse(line) })));
}

const linesOf = (text = '') => text.split('\n').filter(Boolean);
