import { createInterface } from 'node:readline/promises';
import { CliError } from './errors.ts';

/**
 * Asks a person a question.
 *
 * @param otherwise what to say if there is no terminal, and so nobody to ask
 * @throws CliError if there is no terminal
 */
export async function ask(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY) throw new CliError('NOT_CONFIRMED', otherwise, 2);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
