import { createInterface } from 'node:readline/promises';
import { CliError } from './errors.ts';

/**
 * Asks a question at the terminal.
 *
 * @param yes what the answer must match
 * @param otherwise what is said if it does not
 * @param option the option that answers without a terminal
 * @throws CliError unless the answer is yes
 */
export async function confirm(question: string, yes: RegExp, otherwise: string, option: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CliError('NOT_CONFIRMED', `${otherwise} Without a terminal, confirm with ${option}.`, 2);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (yes.test((await terminal.question(question)).trim())) return;
  } finally {
    terminal.close();
  }
  throw new CliError('NOT_CONFIRMED', otherwise);
}
