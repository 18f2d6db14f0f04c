import { readFileSync } from 'node:fs';
import { STANDARD_INPUT } from './files.ts';

// TypeScript has no types for https://github.com/tc39/proposal-json-parse-with-source yet
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
};

/**
 * Parses JSON so that `JSON.stringify` writes its numbers as they were: a double would change an id of 19 digits. Such a
 * number is an object in between.
 *
 * @throws SyntaxError if it is not JSON
 */
export const parseExactly = (text: string): unknown =>
  parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
  );

/**
 * Reads a file, or standard input, without the byte order mark that some editors write.
 *
 * @throws Error if it cannot be read or is not UTF-8
 */
export function readText(file: string): string {
  const bytes = readFileSync(file === STANDARD_INPUT ? 0 : file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8: save it as UTF-8, or convert it with iconv');
  }
}
