import { setTimeout as sleep } from 'node:timers/promises';
import { accessToken } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { ClientError } from '@spillway/client/errors.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { readStage } from '@spillway/client/stage.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import {
  ENGINE_NAME,
  engineLock,
  startEngine,
  startedHere,
  stopEngine,
  stopOnSignal,
  tenantsFolder,
} from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/environment.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { chosenPort } from '@spillway/engine/port.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { runBurst } from './burst/burst.ts';
import { curlOf, tableOf } from './burst/summary.ts';

/** How many jobs the demo sends. */
const JOBS = 2000;

const unknown = process.argv.slice(2).filter((word) => word !== '--once');
const once = process.argv.includes('--once') || !process.stdout.isTTY;
const started = performance.now();

stopOnSignal(ENGINE_NAME);
try {
  if (unknown.length > 0) throw new LocalError('USAGE', `npm start knows only "-- --once", not ${unknown.join(' ')}.`);
  await leave(await demo());
} catch (error) {
  console.error(error instanceof LocalError || error instanceof ClientError ? error.message : error);
  await leave(1);
}

/** The whole demonstration. @returns the exit code: 1 if a job was lost or doubled */
async function demo(): Promise<number> {
  const engine = await withLock(engineLock(ENGINE_NAME), deployedEngine);
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const outputs = await readOutputs(engine);
  const credentials = await credentialFiles(tenantsFolder(ENGINE_NAME)).ensure(stage, 'demo');
  const token = await accessToken(stage, credentials);
  const access = { token, apiKey: credentials.apiKey };
  console.log(`Up after ${((performance.now() - started) / 1000).toFixed(1)} s: ${stage.apiUrl}\n`);

  const jobTypes = loadJobTypes();
  console.log(`Sending ${JOBS} jobs: ${jobTypes.map(({ name }) => name).join(', ')}`);
  const summary = await runBurst({ door: frontDoor(stage, access), jobTypes, count: JOBS, outputs });
  console.log(`\n${tableOf(summary)}\n`);
  const ok = summary.lost === 0 && summary.doubled === 0;
  if (!ok)
    console.log(
      `Jobs were lost or doubled: this must not happen. The engine’s log is in .spillway/engines/${ENGINE_NAME}/.`,
    );
  console.log(
    `API      ${stage.apiUrl}\nOpenAPI  ${stage.apiUrl}/openapi.json\nAPI key  ${access.apiKey}\nToken    ${token}\n`,
  );
  const [first] = jobTypes;
  if (first) {
    console.log(`Try it:\n${curlOf(stage.apiUrl, first.name, token, access.apiKey, first.example.input)}\n`);
  }
  if (!once) {
    console.log('Ctrl-C stops it and keeps its state; "npm run spillway -- down --forget" deletes it.');
    for (;;) await sleep(60_000);
  }
  console.log('Stopping everything. In a terminal, "npm start" leaves it up for you to try until Ctrl-C.');
  return ok ? 0 : 1;
}

async function deployedEngine() {
  console.log('Starting the engine …');
  const engine = await startEngine({ name: ENGINE_NAME, port: chosenPort(), keep: !once });
  console.log('Deploying processing, ingress, streams and analytics …');
  await deployAll(engine);
  return engine;
}

/** Leaves nothing running, and somebody else's engine alone; after a failure its log stays. */
async function leave(code: number): Promise<never> {
  if (startedHere(ENGINE_NAME)) await stopEngine(ENGINE_NAME, { keepLog: code !== 0 });
  process.exit(code);
}
