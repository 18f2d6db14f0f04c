import { parseArgs } from 'node:util';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import { startEngine, stopEngine, stopOnSignal } from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { describeError, LocalError } from '@spillway/engine/errors.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { burstScreen } from '../burst/screen.ts';
import { tableOf } from '../burst/summary.ts';
import { runBreakTest } from './break-burst.ts';

const ENGINE = 'break';
const USAGE = 'Usage: npm run break -- [--seed <number>] [--jobs <number>] [--faults <number>] [--types <type,…>]';
/** Their messages come back within two minutes of a kill, so that a run is short. Those of `csv-import` take half an hour. */
const USUAL_TYPES = 'ledger-posting,webhook-delivery';

/**
 * `npm run break`: sends a burst to an engine of its own while consumers are killed, frozen and late, and exits with 1
 * unless each job settled exactly once, in its order, with the right balances. It only ever touches this engine.
 */
stopOnSignal(ENGINE);
try {
  await leave(await breakTest(process.argv.slice(2)));
} catch (error) {
  console.error(describeError(error));
  await leave(1);
}

async function breakTest(args: string[]): Promise<number> {
  const { seed, jobs, faults, jobTypes } = readOptions(args);
  await stopEngine(ENGINE);
  console.log('Starting an engine and deploying the services …');
  const engine = await startEngine({ name: ENGINE, port: 0 });
  await deployAll(engine);
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const outputs = await readOutputs(engine);
  console.log(`Sending ${jobs} jobs while ${faults} faults of the seed ${seed} hit their consumers:\n`);
  const screen = burstScreen(process.stdout);
  const test = { engine, stage, outputs, jobTypes, jobs, seed, faults, show: screen.show };
  const { bursts, hits, problems } = await runBreakTest(test).finally(screen.end);
  for (const summary of bursts) console.log(`\n${tableOf(summary)}\n`);
  console.log(
    `  Killed ${hits.kill} workers, froze ${hits.freeze}, made ${hits.late} late; ${hits.busy} of them were busy.`,
  );
  console.log(problems.length === 0 ? '  Nothing is lost, doubled or out of order.' : `  ${problems.join('\n  ')}`);
  return problems.length === 0 ? 0 : 1;
}

function readOptions(args: string[]) {
  const { seed, jobs, faults, types } = parse(args);
  const wanted = types.split(',');
  const jobTypes = activeJobTypes().filter(({ name }) => wanted.includes(name));
  if (jobTypes.length < wanted.length) throw new LocalError('USAGE', `No such job types: ${types}. ${USAGE}`);
  return { seed: numberOf(seed), jobs: numberOf(jobs), faults: numberOf(faults), jobTypes };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        jobs: { type: 'string', default: '600' },
        faults: { type: 'string', default: '100' },
        types: { type: 'string', default: USUAL_TYPES },
      },
    }).values;
  } catch (error) {
    throw new LocalError('USAGE', `${(error as Error).message}. ${USAGE}`);
  }
}

function numberOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new LocalError('USAGE', `"${text}" is not a number from 0 to 999999. ${USAGE}`);
}

/** Leaves nothing running and nothing behind. */
async function leave(code: number): Promise<never> {
  await stopEngine(ENGINE);
  process.exit(code);
}
