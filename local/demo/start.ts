import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { adminDoor } from '@spillway/client/admin-door.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { writeHeadersFile } from '@spillway/client/headers-file.ts';
import { ensureAdministrator } from '@spillway/engine/administrator.ts';
import {
  assertRunning,
  ENGINE_NAME,
  type Engine,
  startedHere,
  stopEngine,
  stopOnSignal,
} from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { folderOf, headersFile, tenantsFolder } from '@spillway/engine/engine-folder.ts';
import { describeError, LocalError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { startDeployed } from '@spillway/engine/start-deployed.ts';
import { pathForUser } from '@spillway/engine/user-paths.ts';
import { exampleNeedsUpload } from '@spillway/shared/contracts/upload.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { runBurst } from './burst/burst.ts';
import { burstScreen } from './burst/screen.ts';
import { isGood, tableOf, verdictOn } from './burst/summary.ts';

/** How many jobs the demo sends. */
const JOBS = 2000;
/** The token source renews a token a minute before it expires. */
const HEADERS_EVERY_MS = 30_000;
/** How soon the demo notices that its engine is gone. */
const LOOK_EVERY_MS = 1000;

const USAGE = 'Usage: npm start, or npm start -- --once';
const unknown = process.argv.slice(2).filter((word) => word !== '--once');
const once = process.argv.includes('--once') || !process.stdout.isTTY;
const started = performance.now();

stopOnSignal(ENGINE_NAME);
try {
  if (unknown.length > 0) throw new LocalError('USAGE', `Unknown option: ${unknown.join(' ')}. ${USAGE}`);
  // npm keeps an option without "--" before it for itself, and says so here
  if (process.env.npm_config_once) throw new LocalError('USAGE', `npm has kept --once for itself. ${USAGE}`);
  await leave(await demo());
} catch (error) {
  complain(error);
  await leave(1);
}

/** The whole demonstration. @returns the exit code: 0 if each job was settled exactly once */
async function demo(): Promise<number> {
  const engine = await startDeployed(ENGINE_NAME, { keep: !once });
  try {
    return await present(engine);
  } catch (error) {
    // otherwise the error only says what could not be reached
    assertRunning(engine);
    throw error;
  }
}

async function present(engine: Engine): Promise<number> {
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const outputs = await readOutputs(engine);
  const credentials = await credentialFiles(tenantsFolder(ENGINE_NAME)).ensure(stage, 'demo');
  const access = { token: tokenSource(stage, credentials), apiKey: credentials.apiKey };
  console.log(`Up after ${((performance.now() - started) / 1000).toFixed(1)} s at ${stage.apiUrl}\n`);

  // the burst's inputs are made from the examples
  const jobTypes = activeJobTypes().filter((jobType) => !exampleNeedsUpload(jobType));
  console.log(
    `Sending ${JOBS} jobs of all types over HTTP, alone, in batches, in a file and for later, as fast as the front door takes them:\n`,
  );
  const screen = burstScreen(process.stdout);
  const door = frontDoor(stage, access);
  const admin = adminDoor(stage, await ensureAdministrator(engine, outputs));
  const summary = await runBurst({ door, admin, jobTypes, count: JOBS, outputs, show: screen.show }).finally(
    screen.end,
  );
  console.log(`\n${tableOf(summary)}\n\n  ${verdictOn(summary)}\n`);
  const unfinished = summary.unfinished > 0;
  if (!isGood(summary) && !unfinished) console.log(`The engine's log is in ${pathForUser(folderOf(ENGINE_NAME))}.\n`);
  if (unfinished) console.log(`${ON_UNFINISHED}\n`);
  if (once) {
    console.log('Stopping. In a terminal, "npm start" stays up for you to try it until Ctrl-C.');
    return isGood(summary) ? 0 : 1;
  }
  const renewHeaders = async () =>
    writeHeadersFile(headersFile(ENGINE_NAME), { ...access, token: await access.token() });
  await renewHeaders();
  console.log(invitation(stage.apiUrl, jobTypes[0]?.name ?? ''));
  for (let lookedAt = Date.now(); ; ) {
    await sleep(LOOK_EVERY_MS);
    assertRunning(engine);
    if (Date.now() - lookedAt < HEADERS_EVERY_MS) continue;
    await renewHeaders();
    lookedAt = Date.now();
  }
}

/** How to go on with jobs that are still waiting or running. */
const ON_UNFINISHED = once
  ? 'A busy machine needs longer. "npm start" in a terminal stays up until they are done.'
  : 'They go on while this stays up. "npm run spillway -- list <type>" shows how far they are.';

function complain(error: unknown): void {
  console.error(describeError(error));
}

/** Short commands that work when they are pasted into another terminal. */
function invitation(apiUrl: string, type: string): string {
  return `Up at ${apiUrl}. Try it in another terminal:

  npm run spillway -- submit ${type}
  curl -H @${pathForUser(headersFile(ENGINE_NAME))} ${apiUrl}/jobs/${type}
  curl ${apiUrl}/openapi.json

Ctrl-C stops it and keeps its state. To delete that too:

  npm run spillway -- down --forget`;
}

/** Stops the engine if this process has started it. After a failure, the engine's log is kept. */
async function leave(code: number): Promise<never> {
  if (startedHere(ENGINE_NAME)) await stopEngine(ENGINE_NAME, { keepLog: code !== 0 }).catch(complain);
  process.exit(code);
}
