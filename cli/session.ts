import { join } from 'node:path';
import type { TokenSource } from '@spillway/client/access-token.ts';
import { type AdminDoor, adminDoor, processSigner } from '@spillway/client/admin-door.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage, type Stage } from '@spillway/client/deployed-stage.ts';
import { ClientError } from '@spillway/client/errors.ts';
import { type FrontDoor, frontDoor } from '@spillway/client/front-door.ts';
import { type Client, clientOf } from '@spillway/client/index.ts';
import { type Credentials, isTenantName } from '@spillway/client/tenants.ts';
import { tokenFiles } from '@spillway/client/token-files.ts';
import { ensureAdministrator } from '@spillway/engine/administrator.ts';
import { ENGINE_NAME, findEngine } from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { tenantsFolder, tokensFolder } from '@spillway/engine/engine-folder.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { STATE } from '@spillway/engine/paths.ts';
import { CliError } from './errors.ts';

/** The region of a stage on AWS if AWS_REGION is not set; the same as in the services' configuration. */
const DEFAULT_REGION = 'eu-west-1';

/** For a stage on AWS: makes this process's AWS clients use the default region, unless AWS_REGION names another one. */
export function useDefaultRegion(): void {
  process.env.AWS_REGION ||= DEFAULT_REGION;
}

/** The stage that a command works on. */
export interface Target {
  stage: Stage;
  /** The secrets of the local engine's tenants. Absent on AWS, where we keep none. */
  secrets?: ReturnType<typeof credentialFiles>;
  /** The tokens of this machine's callers. */
  tokens: ReturnType<typeof tokenFiles>;
  /** Where the local engine is. Absent on AWS. */
  endpoint?: string;
}

/**
 * Finds the local engine, or the named stage on AWS. For the local engine, this process's AWS clients then see only the
 * engine.
 *
 * @throws CliError if no engine is running, or nothing is deployed to it yet
 * @throws ClientError if the front door of a stage on AWS is not deployed
 */
export async function findTarget(name: string = STAGE): Promise<Target> {
  if (name !== STAGE) {
    useDefaultRegion();
    return { stage: await readStage(name), tokens: tokenFiles(join(STATE, 'tokens', name)) };
  }
  const engine = findEngine(ENGINE_NAME);
  if (!engine) {
    throw new CliError(
      'NO_ENGINE',
      'No engine is running. Start one with "npm run spillway -- up", or name a stage on AWS with --stage.',
    );
  }
  useEngine(engine.endpoint);
  return {
    stage: await readLocalStage(engine.endpoint),
    secrets: credentialFiles(tenantsFolder(ENGINE_NAME)),
    tokens: tokenFiles(tokensFolder(ENGINE_NAME)),
    endpoint: engine.endpoint,
  };
}

async function readLocalStage(endpoint: string): Promise<Stage> {
  try {
    return await readStage(STAGE, endpoint);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const remedy = 'wait until "npm run spillway -- up" or "npm start" is done, or run "npm run spillway -- up" again';
    throw new CliError('NOT_DEPLOYED', `The services are not deployed to the local engine yet: ${remedy}.`);
  }
}

/**
 * Opens the routes for administrators of a stage: with this process's AWS credentials, or with those of the local engine's
 * administrator.
 */
export async function openAdminDoor({
  stage,
}: {
  stage?: string | undefined;
}): Promise<{ target: Target; door: AdminDoor }> {
  const target = await findTarget(stage);
  const engine = target.endpoint === undefined ? undefined : findEngine(ENGINE_NAME);
  const signer = engine ? await ensureAdministrator(engine, await readOutputs(engine)) : await processSigner();
  return { target, door: adminDoor(target.stage, signer) };
}

/** The id of a tenant: on the local engine also by the tenant's name. */
export const tenantId = ({ secrets }: Target, nameOrId: string): string =>
  isTenantName(nameOrId) ? (secrets?.find(nameOrId)?.clientId ?? nameOrId) : nameOrId;

/** A caller of a stage's front door. */
export interface Caller {
  target: Target;
  /** The client, and the front door below it, which shows answers as they are. */
  client: Client;
  door: FrontDoor;
  /** Renews the token, which lasts 15 minutes. */
  token: TokenSource;
}

/** Opens a stage's front door, as one of its tenants. */
export async function openFrontDoor(options: { stage?: string; tenant: string }): Promise<Caller> {
  const target = await findTarget(options.stage);
  const { apiKey, ...client } = findCaller(target, options.tenant);
  const token = target.tokens.source(target.stage, client);
  const door = frontDoor(target.stage, { token, apiKey });
  return { target, client: clientOf(door), door, token };
}

/**
 * The caller's secrets, from the environment or, on the local engine, those of a tenant.
 *
 * @throws CliError if there are none
 */
function findCaller({ stage, secrets }: Target, tenant: string): Omit<Credentials, 'tenant'> {
  const { SPILLWAY_CLIENT_ID: clientId, SPILLWAY_CLIENT_SECRET: clientSecret, SPILLWAY_API_KEY: apiKey } = process.env;
  if (clientId && clientSecret && apiKey) return { clientId, clientSecret, apiKey };
  const kept = secrets?.find(tenant);
  if (kept) return kept;
  throw new CliError(
    'NO_CREDENTIALS',
    secrets
      ? `The local engine has no tenant ${tenant}. To create it: npm run spillway -- tenant create ${tenant}`
      : `To use stage ${stage.name}, set SPILLWAY_CLIENT_ID, SPILLWAY_CLIENT_SECRET and SPILLWAY_API_KEY.`,
  );
}
