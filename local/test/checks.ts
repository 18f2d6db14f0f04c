import { spawn } from 'node:child_process';
import { LocalError } from '@spillway/engine/errors.ts';
import { ROOT } from '@spillway/engine/paths.ts';

/** One thing that `npm test` checks. */
export interface Check {
  name: string;
  /** Resolves when it holds; rejects with what it printed when it does not. */
  run(): Promise<void>;
}

/** A check that is a command's exit code. */
export const check = (name: string, command: string, args: string[], mend = ''): Check => ({
  name,
  async run() {
    try {
      await runCommand(command, args);
    } catch (error) {
      throw error instanceof LocalError && mend ? new LocalError(error.code, `${error.message}\n\n${mend}`) : error;
    }
  },
});

/**
 * Runs a command in the repository's root and keeps what it prints.
 *
 * @throws LocalError with its output if it fails
 */
export async function runCommand(
  command: string,
  args: string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(command, args, { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const text = Buffer.concat(output).toString().trim();
  if (code !== 0) throw new LocalError('CHECK_FAILED', text);
  for (const line of text.split('\n').filter((printed) => /^Tests:/.test(printed))) console.log(`  ${line}`);
}

/** Runs the checks whose name holds one of the words (all, without words), and sets the exit code. */
export async function runChecks(checks: Check[], words: string[]): Promise<void> {
  const chosen = checks.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (chosen.length === 0) {
    console.error(
      `There is no step "${words.join(' ')}": name a word of ${checks.map(({ name }) => name).join(', ')}.`,
    );
    process.exitCode = 1;
    return;
  }
  let failed = 0;
  for (const { name, run } of chosen) {
    const start = performance.now();
    try {
      await run();
      console.log(`✔ ${name} (${seconds(start)})`);
    } catch (error) {
      failed += 1;
      console.log(`✘ ${name} (${seconds(start)})\n${error instanceof LocalError ? error.message : String(error)}\n`);
    }
  }
  console.log(`\n${chosen.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const seconds = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;
