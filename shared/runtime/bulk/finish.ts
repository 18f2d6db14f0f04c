import type { FileWriter } from '../../attempt/job-code.ts';
import type { ResultOf } from '../../contracts/job-type.ts';
import type bulkSubmit from '../../contracts/jobs/bulk-submit.ts';
import { partsOf } from '../parts-of.ts';
import type { Sent } from './send.ts';

interface Reports {
  /** The refused lines of the chunk that starts with a line. */
  read(line: number): Promise<string | undefined>;
  /** Begins the report. */
  report(): FileWriter;
}

/** How many chunks are read at the same time. */
const AT_ONCE = 20;

/** Adds up what became of the chunks, and joins their refused lines in the order of the file. */
export async function finishFile(
  sent: readonly Sent[],
  { read, report }: Reports,
): Promise<ResultOf<typeof bulkSubmit>> {
  const submitted = sent.reduce((sum, [, count]) => sum + count, 0);
  const refused = sent.reduce((sum, [, , count]) => sum + count, 0);
  if (refused === 0) return { submitted, refused };
  const lines = sent
    .filter(([, , count]) => count > 0)
    .map(([line]) => line)
    .sort((a, b) => a - b);
  const file = report();
  for (const group of partsOf(lines, AT_ONCE)) {
    const texts = await Promise.all(group.map(read));
    for (const [index, text] of texts.entries()) {
      if (text === undefined) throw new Error(`the refused lines of the chunk at line ${group[index]} are gone`);
      await file.write(text);
    }
  }
  return { submitted, refused, report: await file.end() };
}
