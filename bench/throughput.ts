import { runBareLoop } from './bare-loop.ts';
import type { Deployed } from './deployed-engine.ts';
import { JOB_TYPE, runPipe } from './pipe.ts';
import { median, tableOf } from './table.ts';

const JOBS = 500;
const ROUNDS = 5;

/**
 * Runs bursts through the whole pipe and through a bare loop of the same calls in turn: what the machine does at a moment
 * slows down both.
 *
 * @returns the table for people
 */
export async function measureThroughput(deployed: Deployed): Promise<string> {
  const bare = await runBareLoop(deployed.engine);
  // cold starts, connections and compiled code: not measured
  await runPipe(deployed, JOBS);
  await bare(JOBS);
  const rounds: { pipe: number; loop: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const pipe = JOBS / ((await runPipe(deployed, JOBS)) / 1000);
    rounds.push({ pipe, loop: JOBS / ((await bare(JOBS)) / 1000) });
  }
  const pipe = median(rounds.map((round) => round.pipe));
  const loop = median(rounds.map((round) => round.loop));
  const share = median(rounds.map((round) => round.pipe / round.loop));
  return [
    `Jobs a second, medians of ${ROUNDS} rounds of ${JOBS} ${JOB_TYPE.name} jobs, taken in turn`,
    tableOf([
      ['whole pipe', pipe.toFixed(0), 'HTTP request → accepted → settled, with Lambda, events and facts'],
      [
        'bare loop',
        loop.toFixed(0),
        'SendMessage, ReceiveMessage, 2 × UpdateItem, DeleteMessageBatch by the SDK, nothing else',
      ],
      [
        'pipe / loop',
        share.toFixed(2),
        `rounds: ${rounds.map((round) => (round.pipe / round.loop).toFixed(2)).join(' ')}`,
      ],
    ]),
  ].join('\n');
}
