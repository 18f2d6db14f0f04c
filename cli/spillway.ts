import { CliError } from './errors.ts';

const USAGE = `spillway: submits and watches jobs, onboards callers, runs the local engine

  up [--json] [--tenant NAME]           start the engine, deploy all services, leave it running
  down                                  stop the engine and forget it
  tenant create|rotate|suspend NAME     a caller's app client and API key: made, renewed, shut out
  submit TYPE [--input FILE] [--id ID]  a job; the input is JSON, from standard input with "-", by default the example
  status TYPE ID                        a job, as JSON
  watch TYPE ID                         a job, until it has an outcome; ends with 1 if that is a failure
                                        both take --accepted-at, from what submit printed: a job that
                                        no consumer has seen yet is known by it

  --stage NAME    a stage on AWS; without it, the local engine
  --tenant NAME   whose jobs, on the local engine (default: demo)`;

const COMMANDS: Record<string, () => Promise<{ run(args: string[]): Promise<void> }>> = {
  up: () => import('./commands/up.ts'),
  down: () => import('./commands/down.ts'),
  tenant: () => import('./commands/tenant.ts'),
  submit: () => import('./commands/submit.ts'),
  status: () => import('./commands/status.ts'),
  watch: () => import('./commands/watch.ts'),
};

const [name = 'help', ...args] = process.argv.slice(2);
try {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (name === 'help' || [name, ...args].some((word) => ['--help', '-h'].includes(word))) console.log(USAGE);
  else if (command) await (await command()).run(args);
  else
    throw new CliError(
      'NO_COMMAND',
      `There is no command "${name}". Use one of ${Object.keys(COMMANDS).join(', ')}.`,
      2,
    );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = error instanceof CliError ? error.exitCode : 1;
}
