import type { BatchEntry } from '@spillway/client/index.ts';
import { ENTRY_OPTIONS } from '@spillway/shared/contracts/batch.ts';
import { CliError } from './errors.ts';
import { parseExactly, readText } from './exact-json.ts';

/**
 * Reads the jobs of a batch: a `.json` file with a list, or JSON Lines, `-` from standard input.
 *
 * @throws CliError naming the line or entry that cannot be one
 */
export function readBatch(file: string): BatchEntry<unknown>[] {
  try {
    return file.endsWith('.json') ? entriesOfJson(file) : entriesOfLines(readText(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('BAD_BATCH', `${file} cannot be read: ${(error as Error).message}`, 2);
  }
}

/** Empty lines are left out, such as the one at the end. */
const entriesOfLines = (text: string) =>
  text.split(/\r\n|[\r\n]/).flatMap((line, index) => (line.trim() === '' ? [] : [entryOf(line, `Line ${index + 1}`)]));

function entriesOfJson(file: string): BatchEntry<unknown>[] {
  const list = parseExactly(readText(file));
  if (!Array.isArray(list)) throw new CliError('BAD_BATCH', `${file} is not a list of jobs: [{ "input": … }].`, 2);
  return list.map((entry, index) => entryOf(JSON.stringify(entry), `Entry ${index + 1}`));
}

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
  return { ...entry, input: (parseExactly(text) as BatchEntry<unknown>).input };
}
