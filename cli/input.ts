import { readFileSync } from 'node:fs';
import { CliError } from './errors.ts';
import { STANDARD_INPUT } from './files.ts';

/**
 * Reads a job's input from a file, or from standard input if the file is `-`.
 *
 * @throws CliError if the input cannot be read, or is not JSON in UTF-8
 */
export function readInput(file: string): unknown {
  const [source, name] = file === STANDARD_INPUT ? [0, 'from standard input'] : [file, file];
  try {
    // drops a byte order mark, which some editors write
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(source)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new CliError('BAD_INPUT', `The input ${name} is not UTF-8: save it as UTF-8, or convert it with iconv.`, 2);
    }
    throw new CliError('BAD_INPUT', `The input ${name} is not readable JSON: ${(error as Error).message}`, 2);
  }
}
