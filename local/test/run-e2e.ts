import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessToken } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { ensureAdministrator } from '@spillway/engine/administrator.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import { type Engine, startEngine, stopEngine, stopOnSignal } from '@spillway/engine/engine.ts';
import { engineEnvironment, STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { folderOf, tenantsFolder } from '@spillway/engine/engine-folder.ts';
import { describeError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { execa } from 'execa';
import type { Deployed, Tenant } from './deployed.ts';
import { makeTestTree } from './test-tree.ts';

/** Not the engine of `npm start`, so that both can run at the same time. */
const ENGINE = 'test';
/** Longer than any test waits for one thing, so that it can say what it was waiting for. */
const TEST_TIMEOUT_MS = '120000';

/**
 * `npm run test:e2e`: deploys a copy of the repository to its own engine and runs the end-to-end tests on it. Arguments go
 * to jest: `npm run test:e2e -- services/streams` runs the tests in that folder only.
 */
try {
  process.exitCode = await runEndToEnd(process.argv.slice(2));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}

async function runEndToEnd(jestArgs: string[]): Promise<number> {
  await stopEngine(ENGINE);
  stopOnSignal(ENGINE);
  console.log('Starting an engine for the tests …');
  const engine = await startEngine({ name: ENGINE, port: 0 });
  try {
    console.log('Deploying the services, with the job types of the tests and of the guide …');
    await deployAll(engine, { root: makeTestTree() });
    const file = join(folderOf(ENGINE), 'deployed.json');
    writeFileSync(file, JSON.stringify(await describe(engine)));
    const env = {
      ...engineEnvironment(engine.endpoint),
      SPILLWAY_E2E: file,
      SPILLWAY_ENGINE: ENGINE,
      // a test that deploys imports execa, an ES module, which jest can only require with this
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    };
    const code = await runJest('e2e', jestArgs, env);
    // these break what all others look at, so they run last and one after the other
    return (await runJest('chaos', ['--runInBand', ...jestArgs], env)) || code;
  } finally {
    await stopEngine(ENGINE);
  }
}

async function runJest(project: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = ['--selectProjects', project, '--testTimeout', TEST_TIMEOUT_MS, '--passWithNoTests'];
  const { exitCode = 1 } = await execa(join(ROOT, 'node_modules/.bin/jest'), [...options, ...args], {
    cwd: ROOT,
    env,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode;
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
  const outputs = await readOutputs(engine);
  return { engine, stage, outputs, one, other, administrator: await ensureAdministrator(engine, outputs) };
}
