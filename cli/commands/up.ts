import { accessToken } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/stage.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import {
  ENGINE_NAME,
  type Engine,
  engineLock,
  findEngine,
  startEngine,
  stopEngine,
  stopOnSignal,
  tenantsFolder,
} from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/environment.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { chosenPort } from '@spillway/engine/port.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import type { Command } from 'commander';
import { tenantOption } from '../options.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('Start the local engine with what it kept, deploy all services, and leave it running')
    .option('--json', 'print everything that a program needs to use it, as one line of JSON')
    .addOption(tenantOption())
    .action(async ({ json, tenant }) => {
      stopOnSignal(ENGINE_NAME);
      const result = await describe(await withLock(engineLock(ENGINE_NAME), ensureDeployed), tenant);
      if (json) console.log(JSON.stringify(result));
      else
        console.log(
          `Up at ${result.apiUrl}\nTry it:  npm run spillway -- submit csv-import\nStop it: npm run spillway -- down`,
        );
    });
}

/** The engine with all services on it: the running one as it is, unless an earlier deploy was interrupted. */
async function ensureDeployed(): Promise<Engine> {
  const running = findEngine(ENGINE_NAME);
  if (running && (await isDeployed(running))) return running;
  if (!running) console.error('Starting the engine …');
  const engine = running ?? (await startEngine({ name: ENGINE_NAME, port: chosenPort(), keep: true }));
  try {
    console.error('Deploying the services …');
    await deployAll(engine);
    return engine;
  } catch (error) {
    // what an earlier engine had kept must not be lost because a change does not deploy
    await stopEngine(ENGINE_NAME, { forget: !engine.resumed });
    throw error;
  }
}

const isDeployed = (engine: Engine) =>
  readOutputs(engine).then(
    () => true,
    () => false,
  );

async function describe(engine: Engine, tenant: string) {
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const credentials = await credentialFiles(tenantsFolder(ENGINE_NAME)).ensure(stage, tenant);
  return {
    engine: engine.endpoint,
    apiUrl: stage.apiUrl,
    token: await accessToken(stage, credentials),
    apiKey: credentials.apiKey,
    stage: stage.name,
    tenant: credentials.clientId,
    outputs: await readOutputs(engine),
  };
}
