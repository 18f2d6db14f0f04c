import type { Answer, RequestOptions } from '@spillway/client/front-door.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import type { Context } from '../../context.ts';
import type { PausedLane } from '../../lane-access.ts';

/** The path of the job type that the probe submits. */
export const PATH = `/jobs/${csvImport.name}`;
/** Longer than people report that API Gateway and IAM need for a new key or permission, which AWS does not state. */
export const TAKES_EFFECT_SECONDS = 180;
const GOOD = JSON.stringify(csvImport.example.input);

/** The lanes whose consumers get nothing while the front door is probed. */
export interface Lanes {
  csv: PausedLane;
  ledger: PausedLane;
  webhooks: PausedLane;
}

/** POSTs a good job, with what differs from one. */
export const post = ({ tenant }: Context, options: RequestOptions = {}, path = PATH) =>
  tenant.door.request<{ jobId: string; status: string; links: { self: string } }>(path, {
    method: 'POST',
    body: GOOD,
    ...options,
  });

/** An answer in a few words. */
export const described = ({ status, headers, body }: Answer<unknown>) =>
  `${status} ${headers.get('content-type') ?? ''} ${body?.detail ?? ''}`.trim();
