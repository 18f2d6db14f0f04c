import { waitForOutcome } from '@spillway/e2e/deployed.ts';
import { expectExactReference, lateness, submitLater, TYPE } from './testing/scheduled-jobs.ts';

/** What falls due sooner than three minutes is not left to the tick. */
const AHEAD_SECONDS = 185;
const LIMIT_SECONDS = 250;

it(
  'a scheduled job that the tick finds starts at its time',
  async () => {
    const runAfter = new Date(Date.now() + AHEAD_SECONDS * 1000).toISOString();
    const { id } = await submitLater({ runAfter });
    await expectExactReference(id);
    const job = await waitForOutcome(TYPE, id, LIMIT_SECONDS - 20);
    expect(job.status).toBe('SUCCEEDED');
    expect(lateness(job)).toBeGreaterThanOrEqual(0);
  },
  LIMIT_SECONDS * 1000,
);
