import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE } from '@spillway/local/paths.ts';
import { CliError } from './errors.ts';
import { ENGINE_NAME, type Stage } from './stage.ts';
import { type Credentials, checkName, tenants } from './tenants.ts';

const fileOf = (engine: string, tenant: string) => join(STATE, 'engines', engine, 'tenants', `${tenant}.json`);

/** Keeps a tenant's secrets beside the engine they are for; for a stage on AWS nothing is kept. */
export function keep(stage: Stage, credentials: Credentials, engine = ENGINE_NAME): void {
  if (!stage.endpoint) return;
  const file = fileOf(engine, credentials.tenant);
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
}

/**
 * A tenant's secrets on the engine; undefined if there is no such tenant.
 *
 * @throws CliError if the name is none
 */
export function kept(tenant: string, engine = ENGINE_NAME): Credentials | undefined {
  checkName(tenant);
  try {
    return JSON.parse(readFileSync(fileOf(engine, tenant), 'utf8'));
  } catch {
    return undefined;
  }
}

/** A tenant of the engine, made if it is not there. */
export async function tenantOf(stage: Stage, tenant: string, engine = ENGINE_NAME): Promise<Credentials> {
  const existing = kept(tenant, engine);
  if (existing) return existing;
  const credentials = await tenants(stage).create(tenant);
  keep(stage, credentials, engine);
  return credentials;
}

/**
 * Whose jobs a command is about: on the engine a kept tenant, on AWS what the environment says.
 *
 * @throws CliError naming the variables
 */
export function callerOf(stage: Stage, tenant: string): Omit<Credentials, 'tenant'> {
  const { SPILLWAY_CLIENT_ID: clientId, SPILLWAY_CLIENT_SECRET: clientSecret, SPILLWAY_API_KEY: apiKey } = process.env;
  if (clientId && clientSecret && apiKey) return { clientId, clientSecret, apiKey };
  const credentials = stage.endpoint ? kept(tenant) : undefined;
  if (credentials) return credentials;
  const mend = stage.endpoint
    ? `Make it: npm run spillway -- tenant create ${tenant}`
    : 'Set SPILLWAY_CLIENT_ID, SPILLWAY_CLIENT_SECRET and SPILLWAY_API_KEY.';
  throw new CliError('NO_CREDENTIALS', `There are no credentials of the tenant ${tenant} for ${stage.name}. ${mend}`);
}
