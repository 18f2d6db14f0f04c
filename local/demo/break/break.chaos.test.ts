import { engine, outputs, stage } from '@spillway/e2e/deployed.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { patienceSeconds } from '../burst/burst.ts';
import { runBreakTest } from './break-burst.ts';

const JOBS = 120;
/** All of them in the first seconds: each later one could make the lane wait for its visibility timeout once more. */
const FAULTS = 12;
/** Its plan has faults of all kinds. `npm run break` can try others. */
const SEED = 4;
/** Reading every job and the lake, after the burst. */
const AFTERWARDS_SECONDS = 60;

it(
  'an ordered lane loses no job, posts none twice and keeps the order while its busy consumers are killed, frozen and late',
  async () => {
    const test = { engine, stage, outputs, jobTypes: [ledgerPosting], jobs: JOBS, seed: SEED, faults: FAULTS };
    const { bursts, hits, problems } = await runBreakTest(test);
    expect(problems).toEqual([]);
    for (const burst of bursts) expect(burst).toMatchObject({ accepted: JOBS, settled: JOBS });
    const { busy: _, ...kinds } = hits;
    // the bursts go on until each fault has hit a worker
    expect(Object.values(kinds).reduce((sum, count) => sum + count)).toBe(FAULTS);
    expect(Math.min(...Object.values(hits))).toBeGreaterThan(0);
  },
  (2 * patienceSeconds([ledgerPosting]) + AFTERWARDS_SECONDS) * 1000,
);
