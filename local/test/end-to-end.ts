import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessToken } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/stage.ts';
import { deployAll, readOutputs } from '@spillway/engine/deploy.ts';
import {
  type Engine,
  folderOf,
  startEngine,
  stopEngine,
  stopOnSignal,
  tenantsFolder,
} from '@spillway/engine/engine.ts';
import { engineEnvironment, STAGE, useEngine } from '@spillway/engine/environment.ts';
import { runCommand } from './checks.ts';
import type { Deployed, Tenant } from './deployed.ts';
import { makeTestTree } from './test-tree.ts';

/** Not the engine of `npm start`: both can run at the same time. */
const ENGINE = 'test';
/** Jobs that hang or retry take their time; a test that waits for one says so in its own limit. */
const TEST_TIMEOUT_MS = '60000';

/** Deploys a copy of the repository to an engine of its own and runs the end-to-end tests on it. */
export async function runEndToEnd(): Promise<void> {
  await stopEngine(ENGINE);
  stopOnSignal(ENGINE);
  const engine = await startEngine({ name: ENGINE, port: 0 });
  try {
    await deployAll(engine, makeTestTree());
    const file = join(folderOf(ENGINE), 'e2e.json');
    writeFileSync(file, JSON.stringify(await describe(engine)));
    const environment = { ...engineEnvironment(engine.endpoint), SPILLWAY_E2E: file, SPILLWAY_ENGINE: ENGINE };
    for (const project of ['e2e', 'chaos']) {
      const args = ['--selectProjects', project, '--testTimeout', TEST_TIMEOUT_MS];
      await runCommand('node_modules/.bin/jest', args, environment);
    }
  } finally {
    await stopEngine(ENGINE);
  }
}

/** What the tests know about the engine: where it is, and two tenants' access. */
async function describe(engine: Engine): Promise<Deployed> {
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const tenants = credentialFiles(tenantsFolder(ENGINE));
  const access = async (name: string): Promise<Tenant> => {
    const credentials = await tenants.ensure(stage, name);
    return { ...credentials, token: await accessToken(stage, credentials) };
  };
  const [one, other] = [await access('one'), await access('other')];
  return { engine, stage, outputs: await readOutputs(engine), one, other };
}
