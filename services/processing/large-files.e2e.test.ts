import { randomUUID } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { uploadFile } from '@spillway/e2e/uploading.ts';
import { withPeakMemory } from '@spillway/e2e/workers.ts';

const MEGABYTE = 1000 * 1000;
/** What `function.yml` gives to the consumer, which AWS ends beyond it. */
const FUNCTION_MIB = 512;
const LINES_A_PIECE = 1000;

/** A CSV file of about so many bytes, in pieces. The last line is one that the rules refuse. */
function* csvOf(bytes: number): Generator<string> {
  yield 'sku,quantity,note\n';
  for (let line = 0, written = 0; written < bytes; ) {
    let piece = '';
    for (const end = line + LINES_A_PIECE; line < end; line += 1)
      piece += `S-${line},${line % 100},${'n'.repeat(180)}\n`;
    written += piece.length;
    yield piece;
  }
  yield 'last,many,\n';
}

const columns = [
  { name: 'sku', type: 'string', required: true },
  { name: 'quantity', type: 'integer', required: true },
  { name: 'note', type: 'string', required: false },
];

it('a CSV file of 200 MB is imported within the memory of its function, and all its rows are behind a link', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'large-'));
  const path = join(folder, 'rows.csv');
  await pipeline(Readable.from(csvOf(200 * MEGABYTE)), createWriteStream(path));
  const pointer = await uploadFile(await openAsBlob(path), 'text/csv');
  await rm(folder, { recursive: true });
  const id = randomUUID();
  const { result: job, peakMiB } = await withPeakMemory(['csv-import'], async () => {
    expect((await submit('csv-import', { file: pointer, delimiter: ',', columns }, id)).status).toBe(202);
    return waitForOutcome('csv-import', id, 140);
  });
  const { accepted, rejected, allRows } = job.result as { accepted: number; rejected: number; allRows: string };
  expect([job.status, job.attempts, rejected]).toEqual(['SUCCEEDED', 1, 1]);
  let lines = 0;
  for await (const piece of (await fetch(allRows)).body ?? []) for (const byte of piece) if (byte === 10) lines += 1;
  expect(lines).toBe(accepted);
  expect(accepted).toBeGreaterThan(1_000_000);
  expect(peakMiB).toBeLessThan(FUNCTION_MIB);
}, 300_000);
