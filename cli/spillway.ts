import { CommanderError } from 'commander';
import { CliError } from './errors.ts';
import { inCommands } from './in-commands.ts';
import { refuseKeptOptions } from './npm-options.ts';
import { program } from './program.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // its reader has seen enough, such as head
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

try {
  refuseKeptOptions(process.env);
  const args = process.argv.slice(2);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
} catch (error) {
  // commander has already printed help, or what is wrong with the command line
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(inCommands((error as Error).message));
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
  }
}
