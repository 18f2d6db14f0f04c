import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@spillway/engine/paths.ts';
import { Command } from 'commander';
import { addBatch } from './commands/batch.ts';
import { addBlockedKeys } from './commands/blocked-keys.ts';
import { addBulk } from './commands/bulk.ts';
import { addCancel } from './commands/cancel.ts';
import { addDecide } from './commands/decide.ts';
import { addDown } from './commands/down.ts';
import { addEvents } from './commands/events.ts';
import { addFailures } from './commands/failures.ts';
import { addLake } from './commands/lake.ts';
import { addList } from './commands/list.ts';
import { addMove } from './commands/move.ts';
import { addNew } from './commands/new.ts';
import { addProbe } from './commands/probe.ts';
import { addReplay } from './commands/replay.ts';
import { addReport } from './commands/report.ts';
import { addSchedule } from './commands/schedule.ts';
import { addStage } from './commands/stage.ts';
import { addStatus } from './commands/status.ts';
import { addSubmit } from './commands/submit.ts';
import { addTenant } from './commands/tenant.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { addUpload } from './commands/upload.ts';
import { addWatch } from './commands/watch.ts';
import { addWebhooks } from './commands/webhooks.ts';

const HELP = 'Show how to use a command';

/** The `spillway` command with all its subcommands. It throws where commander would end the process. */
export const program = new Command('spillway')
  .description('Submits and watches jobs, onboards tenants, runs the local engine, and adds job types and services.')
  .version(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version, '-V, --version', 'Show the version')
  .exitOverride()
  // in a terminal of 80 columns, 37 are left beside the names of the commands
  .configureHelp({ minWidthToWrap: 30 })
  .helpOption('-h, --help', 'Show this help')
  // commander's own knows commands only, and no commands of commands
  .helpCommand(false);

/** The commands as the help lists them. */
const GROUPS = {
  'The local engine:': [addUp, addDown],
  'Callers:': [addTenant, addToken],
  'Submit jobs:': [addSubmit, addBatch, addBulk, addUpload, addSchedule],
  'Follow and change jobs:': [addStatus, addWatch, addList, addMove, addCancel, addDecide, addWebhooks],
  'Find failed jobs and run them again:': [addFailures, addReplay, addEvents, addBlockedKeys],
  'Ask the lake about many jobs:': [addReport, addLake],
  'Job types, services and stages:': [addNew, addStage, addProbe],
};
for (const [heading, commands] of Object.entries(GROUPS)) {
  program.commandsGroup(heading);
  for (const add of commands) add(program);
}
program.commandsGroup('More:');
program
  .command('help')
  .description(HELP)
  .argument('[command...]', 'the command, such as submit or events replay')
  .action((words: string[]) => commandOf(words).help());
program.addHelpText(
  'after',
  `
Results go to standard output, most of them as JSON; progress and errors go to
standard error. npm itself prints two lines before them, unless it is called as
npm run --silent.

Exit codes:
  0  done
  1  refused, failed, or partly refused
  2  the command line or a file is not valid
  3  the outcome is unknown (watch only)`,
);
for (const command of withSubcommands(program)) {
  if (command !== program && command.commands.length > 0) command.helpCommand('help [command]', HELP);
  command.configureOutput({ outputError: (message, write) => write(explained(command, message)) });
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The command that some words name. It refuses a word that names none. */
function commandOf(words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    command = next ?? command.error(`unknown command '${word}'`);
  }
  return command;
}

/** A usage error as one line: what is wrong, and how to use the command. */
function explained(command: Command, message: string): string {
  const text = message
    .replace(/^error: /, '')
    .trim()
    .split('\n')
    .join(' ')
    .replace(/\.$/, '');
  const usage =
    command.commands.length > 0 && !text.startsWith('option ')
      ? `Commands: ${command.commands.map((each) => each.name()).join(', ')}`
      : `Usage: ${command.createHelp().commandUsage(command)}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. ${usage}\n`;
}
