import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { BlockedKeyList, Unblocked, UnblockRequest } from '@spillway/shared/contracts/blocked-key.ts';
import type { FailureDetail, FailureList } from '@spillway/shared/contracts/failure.ts';
import { AwsClient } from 'aws4fetch';
import type { Stage } from './deployed-stage.ts';
import { fetchFrom } from './fetch-from.ts';
import { type Answer, bodyOf } from './front-door.ts';

/** AWS credentials, and the region of the stage. */
export interface Signer {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

/** The AWS credentials and the region of this process, as the AWS CLI would find them. */
export async function processSigner(): Promise<Signer> {
  const { credentials, region } = new CloudFormationClient().config;
  const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), region: await region() };
}

export type AdminDoor = ReturnType<typeof adminDoor>;

/** A typed HTTP client of the routes for administrators. It signs each request with AWS Signature Version 4. */
export function adminDoor({ apiUrl }: Pick<Stage, 'apiUrl'>, signer: Signer) {
  const client = new AwsClient({ ...signer, service: 'execute-api', retries: 0 });

  async function request<Body = Record<string, unknown>>(
    path: string,
    { method = 'GET', body }: { method?: string; body?: unknown } = {},
  ): Promise<Answer<Body>> {
    const content = body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const { url, headers } = await client.sign(`${apiUrl}${path}`, { method, ...content });
    const response = await fetchFrom('The front door', url, {
      method,
      headers,
      ...(content && { body: content.body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: bodyOf<Body>(await response.text(), response.status),
    };
  }

  return {
    request,
    failures: (query: Record<string, string> = {}) =>
      request<FailureList>(`/admin/failures?${new URLSearchParams(query)}`),
    replay: (body: unknown) => request('/admin/replays', { method: 'POST', body }),
    blockedKeys: (query: Record<string, string> = {}) =>
      request<BlockedKeyList>(`/admin/blocked-keys?${new URLSearchParams(query)}`),
    /** Releases or skips a blocked order key. */
    unblock: (body: UnblockRequest) => request<Unblocked>('/admin/blocked-keys', { method: 'POST', body }),
    failure: (job: { tenant: string; type: string; jobId: string }) =>
      request<FailureDetail>(`/admin/failures/${[job.tenant, job.type, job.jobId].map(encodeURIComponent).join('/')}`),
  };
}
