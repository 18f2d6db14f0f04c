import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import { startEngine, stopEngine, stopOnSignal } from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { tenantsFolder } from '@spillway/engine/engine-folder.ts';
import { describeError, LocalError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { measureCalls } from './calls.ts';
import { measureCancel } from './cancel.ts';
import { measureCost } from './cost/cost.ts';
import { type Deployed, engineCalls } from './deployed-engine.ts';
import { measureDue } from './due.ts';
import { measureFanOut } from './fan-out.ts';
import { measureLag } from './lag.ts';
import { measurePush } from './push.ts';
import { measureSizes } from './sizes.ts';
import { measureThroughput } from './throughput.ts';
import { measureWays } from './ways.ts';

/** A separate engine from those of `npm start` and `npm test`: all three can run at the same time. */
const ENGINE = 'bench';
/** The parts that can be measured alone: `npm run bench -- sizes`. */
const PARTS: Record<string, (deployed: Deployed) => Promise<string>> = {
  calls: measureCalls,
  ways: measureWays,
  cancel: measureCancel,
  throughput: measureThroughput,
  sizes: measureSizes,
  cost: measureCost,
  due: measureDue,
  push: measurePush,
  'fan-out': measureFanOut,
  lag: measureLag,
};

stopOnSignal(ENGINE);
try {
  await bench(process.argv.slice(2));
  await leave(0);
} catch (error) {
  console.error(describeError(error));
  await leave(1);
}

/**
 * Measures and prints the named parts, or all. A missed target is printed but is not a failure, because machines differ.
 */
async function bench(words: string[]): Promise<void> {
  const unknown = words.find((word) => !(word in PARTS));
  if (unknown)
    throw new LocalError(
      'USAGE',
      `npm run bench cannot measure "${unknown}". It measures: ${Object.keys(PARTS).join(', ')}.`,
    );
  await stopEngine(ENGINE);
  const engine = await startEngine({ name: ENGINE, port: 0 });
  const start = performance.now();
  await deployAll(engine);
  console.log(`Deployed the services in ${((performance.now() - start) / 1000).toFixed(1)} s (target: under 30 s)`);
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const tenantNamed = (name: string) => credentialFiles(tenantsFolder(ENGINE)).ensure(stage, name);
  const tenant = await tenantNamed('bench');
  const another = () => tenantNamed('bench-two');
  const deployed = { engine, stage, tenant, another, outputs: await readOutputs(engine), calls: engineCalls(engine) };
  for (const part of words.length > 0 ? words : Object.keys(PARTS)) console.log(`\n${await PARTS[part]?.(deployed)}`);
}

/** Leaves nothing running and nothing behind. */
async function leave(code: number): Promise<never> {
  await stopEngine(ENGINE);
  process.exit(code);
}
