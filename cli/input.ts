import { CliError } from './errors.ts';
import { parseExactly, readText } from './exact-json.ts';
import { STANDARD_INPUT } from './files.ts';

/**
 * Reads a job's input from a file, or from standard input if the file is `-`.
 *
 * @throws CliError if the input cannot be read, or is not JSON in UTF-8
 */
export function readInput(file: string): unknown {
  try {
    return parseExactly(readText(file));
  } catch (error) {
    const name = file === STANDARD_INPUT ? 'from standard input' : file;
    throw new CliError('BAD_INPUT', `The input ${name} is not readable JSON: ${(error as Error).message}`, 2);
  }
}
