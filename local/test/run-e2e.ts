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
import { makeTestTree, TEST_TREE } from './test-tree.ts';

/** Not the engine of `npm start`, so that both can run at the same time. */
const ENGINE = 'test';
/** The engine of the chaos tests that break everything at once. */
const BURST_ENGINE = 'test-bursts';
/** Jobs that hang or retry take their time, and a busy machine takes its own. A test that waits longer has its own limit. */
const TEST_TIMEOUT_MS = '120000';
/** How many test files run at once. Most of them wait for a clock, so more than the machine has cores. */
const WORKERS = '4';

/**
 * Jest's projects of chaos tests, which break what others look at. The projects run side by side, and the tests of each one
 * after the other: those of the services break the lanes of the misbehaving job types, the probe those of processing, and
 * the bursts everything on an engine of their own.
 */
const CHAOS = { 'chaos-lanes': ENGINE, 'chaos-probe': ENGINE, 'chaos-bursts': BURST_ENGINE };

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
  stopOnSignal(ENGINE, BURST_ENGINE);
  try {
    makeTestTree();
    const env = await deployFor('the tests', ENGINE);
    const code = await runJest('e2e', ['--maxWorkers', WORKERS, ...jestArgs], env, { stdio: 'inherit' });
    const running = Object.entries(CHAOS).map(async ([project, engine]) => {
      const files = await runJest(project, ['--listTests', ...jestArgs], env);
      // without a file, jest says so instead of printing nothing
      if (!files.output.includes('.chaos.test.ts')) return 0;
      const own = engine === ENGINE ? env : await deployFor(`the tests of ${project}`, engine);
      const { exitCode, output } = await runJest(project, ['--runInBand', ...jestArgs], own);
      console.log(output);
      return exitCode;
    });
    const codes = await Promise.all(running);
    return [code.exitCode, ...codes].find((each) => each !== 0) ?? 0;
  } finally {
    for (const engine of [ENGINE, BURST_ENGINE]) await stopEngine(engine);
  }
}

/** Starts an engine and deploys the test tree to it. @returns the environment of the tests that run on it */
async function deployFor(what: string, name: string): Promise<NodeJS.ProcessEnv> {
  await stopEngine(name);
  console.log(`Starting an engine for ${what} …`);
  const engine = await startEngine({ name, port: 0 });
  console.log('Deploying the services, with the job types of the tests and of the guide …');
  await deployAll(engine, { root: TEST_TREE });
  const file = join(folderOf(name), 'deployed.json');
  writeFileSync(file, JSON.stringify(await describe(engine)));
  return {
    ...engineEnvironment(engine.endpoint),
    SPILLWAY_E2E: file,
    SPILLWAY_ENGINE: name,
    // a test that deploys imports execa, an ES module, which jest can only require with this
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
}

/** Runs the tests of a project. @returns its exit code, and what it printed unless it printed that at once */
async function runJest(
  project: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { stdio }: { stdio: 'inherit' | 'pipe' } = { stdio: 'pipe' },
): Promise<{ exitCode: number; output: string }> {
  const options = ['--selectProjects', project, '--testTimeout', TEST_TIMEOUT_MS, '--passWithNoTests'];
  const { exitCode = 1, all = '' } = await execa(join(ROOT, 'node_modules/.bin/jest'), [...options, ...args], {
    cwd: ROOT,
    env,
    extendEnv: false,
    stdin: 'inherit',
    stdout: stdio,
    stderr: stdio,
    all: true,
    reject: false,
  });
  return { exitCode, output: all };
}

/** What the tests know about the engine: where it is, and two tenants' access. */
async function describe(engine: Engine): Promise<Deployed> {
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const tenants = credentialFiles(tenantsFolder(engine.name));
  const access = async (name: string): Promise<Tenant> => {
    const credentials = await tenants.ensure(stage, name);
    return { ...credentials, token: await accessToken(stage, credentials) };
  };
  const [one, other] = [await access('one'), await access('other')];
  const outputs = await readOutputs(engine);
  return { engine, stage, outputs, one, other, administrator: await ensureAdministrator(engine, outputs) };
}
