import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOf } from '@spillway/shared/attempt/job-code.ts';
import type ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { LedgerBusyError } from './cancellation.ts';
import type { Ledger } from './ledger-table.ts';
import { type Posting, postingOf, resultOf } from './posting.ts';

/** How often an attempt tries while others write to the same accounts. Each try is a transaction of about 20 ms. */
const TRIES = 6;
/** The longest wait after the first try. It doubles with each try, so all waits together stay below 0.8 s. */
const FIRST_WAIT_MS = 25;

/** Writes a posting to the ledger, once for all attempts. */
export const post =
  (ledger: Ledger): RunOf<typeof ledgerPosting> =>
  async (input, job) =>
    resultOf(await writePatiently(ledger, postingOf(input, job, new Date()), job.signal));

/** Conflicts on a busy account pass in milliseconds; the lane's backoff would delay all jobs with the key for seconds. */
async function writePatiently(ledger: Ledger, posting: Posting, signal: AbortSignal): Promise<Posting> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ledger.write(posting, signal);
    } catch (error) {
      if (!(error instanceof LedgerBusyError) || tries === TRIES) throw error;
      // a random part of the wait, so that writers that conflicted do not conflict again
      await sleep(Math.random() * FIRST_WAIT_MS * 2 ** (tries - 1), undefined, { signal });
    }
  }
}
