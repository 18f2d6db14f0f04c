import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '@spillway/shared/attempt/job.ts';
import { LedgerBusyError } from './cancellation.ts';
import type { Ledger } from './ledger-table.ts';
import { type Posting, type PostingInput, type PostingResult, postingOf, resultOf } from './posting.ts';

/** How often an attempt tries while others write to the same accounts; each try is a transaction of some 20 ms. */
const TRIES = 6;
/** The longest wait after the first try; it doubles each time, so all waits together stay below 0.8 s. */
const FIRST_WAIT_MS = 25;

/** Writes a posting to the ledger: once, in whichever attempt. */
export const post =
  (ledger: Ledger): Run<PostingInput, PostingResult> =>
  async (input, job) =>
    resultOf(await writePatiently(ledger, postingOf(input, job, new Date()), job.signal));

/** Collisions on a busy account pass in milliseconds; the lane's own backoff would hold up the whole key for seconds. */
async function writePatiently(ledger: Ledger, posting: Posting, signal: AbortSignal): Promise<Posting> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ledger.write(posting, signal);
    } catch (error) {
      if (!(error instanceof LedgerBusyError) || tries === TRIES) throw error;
      // anywhere in the wait, so that those who collided do not do so again
      await sleep(Math.random() * FIRST_WAIT_MS * 2 ** (tries - 1), undefined, { signal });
    }
  }
}
