import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { BatchEntry } from '@spillway/client/index.ts';
import { ENTRY_OPTIONS } from '@spillway/shared/contracts/batch.ts';
import { CliError } from './errors.ts';
import { STANDARD_INPUT } from './files.ts';

/**
 * Reads the jobs of a batch: a `.json` file with a list, or JSON Lines, `-` from standard input.
 *
 * @throws CliError naming the line or entry that cannot be one
 */
export const readBatch = async (file: string): Promise<BatchEntry<unknown>[]> =>
  file.endsWith('.json') ? entriesOfJson(file) : entriesOfLines(file);

async function entriesOfLines(file: string): Promise<BatchEntry<unknown>[]> {
  const entries: BatchEntry<unknown>[] = [];
  const input = file === STANDARD_INPUT ? process.stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      // an editor's byte order mark, and the empty line at the end
      const text = line.replace(/^\uFEFF/, '');
      if (text.trim() !== '') entries.push(entryOf(text, `Line ${number}`));
    }
    return entries;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function entriesOfJson(file: string): BatchEntry<unknown>[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, error);
  }
  if (!Array.isArray(list)) throw new CliError('BAD_BATCH', `${file} is not a list of jobs: [{ "input": … }].`, 2);
  return list.map((entry, index) => entryOf(JSON.stringify(entry), `Entry ${index + 1}`));
}

const unreadable = (file: string, error: unknown) =>
  error instanceof CliError
    ? error
    : new CliError('BAD_BATCH', `${file} cannot be read: ${(error as Error).message}`, 2);

const FIELDS = ['input', ...ENTRY_OPTIONS.keys()];

/** @throws CliError naming the place */
function entryOf(text: string, place: string): BatchEntry<unknown> {
  const refuse = (reason: string) => new CliError('BAD_BATCH', `${place} ${reason}`, 2);
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    throw refuse('is not JSON.');
  }
  if (typeof entry !== 'object' || entry === null || !('input' in entry)) throw refuse('has no "input".');
  const stray = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (stray !== undefined) throw refuse(`has the unknown field "${stray}": use ${FIELDS.join(', ')}.`);
  return entry as BatchEntry<unknown>;
}
