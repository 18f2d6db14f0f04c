import { client } from './client.ts';
import { callerOf } from './credentials.ts';
import { findStage } from './stage.ts';
import { accessToken } from './tenants.ts';

/** The front door of a stage, as one of its tenants. */
export async function session({ stage: name, tenant }: { stage?: string | undefined; tenant: string }) {
  const stage = await findStage(name);
  const caller = callerOf(stage, tenant);
  const token = await accessToken(stage, caller);
  return client(stage, { token, apiKey: caller.apiKey });
}
