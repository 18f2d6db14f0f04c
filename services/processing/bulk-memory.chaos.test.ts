import { randomUUID } from 'node:crypto';
import { submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { whileLaneIsPaused } from '@spillway/e2e/paused-lane.ts';
import { uploadFile } from '@spillway/e2e/uploading.ts';
import { withPeakMemory } from '@spillway/e2e/workers.ts';

const TARGET = { service: 'misbehaving', name: 'misbehaving' };
/** The functions that read the file or a part of it. */
const READERS = ['bulk-submit-plan', 'bulk-submit-send', 'bulk-submit-finish'];
const LIMIT_SECONDS = 180;
/** About 110 and 140 MiB were measured. The rest is for a collector of garbage that is in no hurry. */
const MOST_GROWTH_MIB = 64;

async function submitLines(count: number): Promise<number> {
  const lines = Array.from(
    { length: count },
    (_, line) => `{"input":{"behave":"succeed","note":"${'n'.repeat(90)}${line}"}}\n`,
  );
  const upload = await uploadFile(new Blob(lines), 'application/x-ndjson');
  const id = randomUUID();
  const { result, peakMiB } = await withPeakMemory(READERS, async () => {
    expect((await submit('bulk-submit', { type: TARGET.name, upload, ratePerSecond: 5000 }, id)).status).toBe(202);
    return waitForOutcome('bulk-submit', id, LIMIT_SECONDS);
  });
  expect(result).toMatchObject({ status: 'SUCCEEDED', result: { submitted: count, refused: 0 } });
  return peakMiB;
}

// among the chaos tests, because no other test may use the lane meanwhile
it(
  'a bulk file of 50,000 lines is submitted with hardly more memory than one of 5,000 lines',
  () =>
    whileLaneIsPaused(TARGET, async () => {
      const small = await submitLines(5000);
      expect(await submitLines(50_000)).toBeLessThan(small + MOST_GROWTH_MIB);
    }),
  2 * LIMIT_SECONDS * 1000,
);
