import type { Objects } from './objects.ts';

/** How far the records of a job are, as its state keeps it: two numbers, however many jobs they are about. */
export interface Written {
  /** How many records are full. */
  full: number;
  /** How many lines the one behind them has. */
  open: number;
}

/** The records of a job that works on many others: objects in the payload bucket, in JSON Lines. */
export interface Records<Line> {
  /** Adds lines behind those before, and writes them. A write that is repeated changes nothing. */
  add(lines: readonly Line[]): Promise<void>;
  /** For the state, which is written after the lines. */
  written(): Written;
  /** The keys of all records, in their order. */
  keys(): string[];
}

const NOTHING: Written = { full: 0, open: 0 };

/**
 * Opens the records of a job. A record is held in memory and written again with what is added to it, until it is full. So there
 * are few of them: each has a link in the answer to a GET, and Lambda answers with at most 6 MB
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 *
 * @param folder where the records are, as `<folder>/1.jsonl` and so on
 * @param linesEach how many lines a record has
 * @param written what the state of an earlier attempt says; lines that it had written after its state are written anew
 */
export async function recordsIn<Line>(
  payloads: Pick<Objects, 'get' | 'put'>,
  folder: string,
  linesEach: number,
  written: Written = NOTHING,
): Promise<Records<Line>> {
  const key = (number: number) => `${folder}/${number}.jsonl`;
  let { full } = written;
  const last = written.open > 0 ? await payloads.get(key(full + 1)) : undefined;
  let texts = last?.split('\n').slice(0, written.open) ?? [];

  return {
    async add(lines) {
      const left = lines.map((line) => JSON.stringify(line));
      while (left.length > 0) {
        if (texts.length >= linesEach) {
          full += 1;
          texts = [];
        }
        texts.push(...left.splice(0, linesEach - texts.length));
        await payloads.put(key(full + 1), `${texts.join('\n')}\n`, 'application/jsonl');
      }
    },
    written: () => ({ full, open: texts.length }),
    keys: () => Array.from({ length: full + (texts.length > 0 ? 1 : 0) }, (_, index) => key(index + 1)),
  };
}
