import { AwsClient } from 'aws4fetch';
import { administrator, stage } from './deployed.ts';

/** Sends a request to a route below `/admin`, signed with the administrator's credentials or with those given. */
export const adminRequest = (path: string, init: RequestInit = {}, credentials: Partial<typeof administrator> = {}) =>
  signedRequest('execute-api', `${stage.apiUrl}${path}`, init, credentials);

/** Sends a request to any service of AWS, signed with the administrator's credentials or with those given. */
export async function signedRequest(
  service: string,
  url: string,
  init: RequestInit,
  credentials: Partial<typeof administrator> = {},
) {
  const client = new AwsClient({ ...administrator, ...credentials, service, retries: 0 });
  const response = await client.fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
