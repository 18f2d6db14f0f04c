import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { ClientError } from '@spillway/client/errors.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { writeHeadersFile } from '@spillway/client/headers-file.ts';
import { readStage } from '@spillway/client/stage.ts';
import { ENGINE_NAME, startedHere, stopEngine, stopOnSignal } from '@spillway/engine/engine.ts';
import { headersFile, tenantsFolder } from '@spillway/engine/engine-folder.ts';
import { STAGE, useEngine } from '@spillway/engine/environment.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { startDeployed } from '@spillway/engine/start-deployed.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { runBurst } from './burst/burst.ts';
import { burstScreen } from './burst/screen.ts';
import { tableOf, verdictOn } from './burst/summary.ts';

/** How many jobs the demo sends. */
const JOBS = 2000;
/** The token source renews a token a minute before it expires. */
const HEADERS_EVERY_MS = 30_000;

const unknown = process.argv.slice(2).filter((word) => word !== '--once');
const once = process.argv.includes('--once') || !process.stdout.isTTY;
const started = performance.now();

stopOnSignal(ENGINE_NAME);
try {
  if (unknown.length > 0) {
    throw new LocalError('USAGE', `Unknown: ${unknown.join(' ')}. Usage: npm start, or npm start -- --once`);
  }
  await leave(await demo());
} catch (error) {
  console.error(error instanceof LocalError || error instanceof ClientError ? error.message : error);
  await leave(1);
}

/** The whole demonstration. @returns the exit code: 1 if a job was lost or settled twice */
async function demo(): Promise<number> {
  const engine = await startDeployed(ENGINE_NAME, { keep: !once });
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const outputs = await readOutputs(engine);
  const credentials = await credentialFiles(tenantsFolder(ENGINE_NAME)).ensure(stage, 'demo');
  const access = { token: tokenSource(stage, credentials), apiKey: credentials.apiKey };
  console.log(`Up after ${((performance.now() - started) / 1000).toFixed(1)} s at ${stage.apiUrl}\n`);

  const jobTypes = activeJobTypes();
  console.log(`Sending ${JOBS} jobs of ${jobTypes.length} types over HTTP, as fast as the front door takes them:\n`);
  const screen = burstScreen(process.stdout);
  const door = frontDoor(stage, access);
  const summary = await runBurst({ door, jobTypes, count: JOBS, outputs, show: screen.show });
  screen.end();
  console.log(`\n${tableOf(summary)}\n\n  ${verdictOn(summary)}\n`);
  const ok = summary.lost === 0 && summary.doubled === 0;
  if (!ok) console.log(`The engine's log is in .spillway/engines/${ENGINE_NAME}/.\n`);
  if (once) {
    console.log('Stopping. In a terminal, "npm start" stays up for you to try it until Ctrl-C.');
    return ok ? 0 : 1;
  }
  const renewHeaders = async () =>
    writeHeadersFile(headersFile(ENGINE_NAME), { ...access, token: await access.token() });
  await renewHeaders();
  console.log(invitation(stage.apiUrl, jobTypes[0]?.name ?? ''));
  for (;;) {
    await sleep(HEADERS_EVERY_MS);
    await renewHeaders();
  }
}

/** Short commands that work when they are pasted into another terminal. */
function invitation(apiUrl: string, type: string): string {
  return `Up at ${apiUrl}. Try it in another terminal:

  npm run spillway -- submit ${type}
  curl -H @${relative(ROOT, headersFile(ENGINE_NAME))} ${apiUrl}/jobs/${type}
  curl ${apiUrl}/openapi.json

Ctrl-C stops it and keeps its state. To delete that too:

  npm run spillway -- down --forget`;
}

/** Stops the engine if this process has started it. After a failure, the engine's log is kept. */
async function leave(code: number): Promise<never> {
  if (startedHere(ENGINE_NAME)) await stopEngine(ENGINE_NAME, { keepLog: code !== 0 });
  process.exit(code);
}
