import { runBareLoop } from './bare-loop.ts';
import type { Deployed } from './deployed-engine.ts';
import { JOB_TYPE, runPipe } from './pipe.ts';
import { median, tableOf } from './table.ts';

const JOBS = 500;
const ROUNDS = 5;

/**
 * Runs bursts alternately through the whole pipeline and through a bare loop of the same calls, so that other load on the
 * machine slows down both.
 *
 * @returns the result as a table
 */
export async function measureThroughput(deployed: Deployed): Promise<string> {
  const bare = await runBareLoop(deployed.engine);
  // warm up: cold starts, connections and compiling are not measured
  await runPipe(deployed, JOBS);
  await bare(JOBS);
  const rounds: { pipe: number; loop: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const pipe = JOBS / ((await runPipe(deployed, JOBS)).ms / 1000);
    rounds.push({ pipe, loop: JOBS / ((await bare(JOBS)) / 1000) });
  }
  const pipe = median(rounds.map((round) => round.pipe));
  const loop = median(rounds.map((round) => round.loop));
  const share = median(rounds.map((round) => round.pipe / round.loop));
  return [
    `Jobs a second, medians of ${ROUNDS} alternating rounds of ${JOBS} ${JOB_TYPE.name} jobs`,
    tableOf([
      ['whole pipeline', pipe.toFixed(0), 'HTTP request → accepted → settled, with Lambda, events and facts'],
      [
        'bare loop',
        loop.toFixed(0),
        'only SendMessage, ReceiveMessage, 2 × UpdateItem and DeleteMessageBatch with the SDK',
      ],
      [
        'pipeline / loop',
        share.toFixed(2),
        `rounds: ${rounds.map((round) => (round.pipe / round.loop).toFixed(2)).join(' ')}`,
      ],
    ]),
  ].join('\n');
}
