import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@spillway/engine/paths.ts';

/** A command with its options and subcommands. */
interface Described {
  name: string;
  options: string[];
  commands: Described[];
}

/** Loaded by Node itself, because commander is an ES module. */
const LOAD = `
  import { program } from '${join(__dirname, 'program.ts')}';
  const describe = (command) => ({
    name: command.name(),
    options: command.options.map(({ long }) => long),
    commands: command.commands.map(describe),
  });
  console.log(JSON.stringify(describe(program)));`;
const program: Described = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', LOAD], { encoding: 'utf8' }),
);

/** The commands that the documentation shows, each as its words. */
const shown = ['README.md', 'client/README.md', 'docs/*.md', 'docs/runbooks/*.md', 'services/*/README.md']
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/npm run spillway -- ([^`\n#|"]+)/g)].map(([, words = '']) => ({
      file,
      words: words.trim().split(/ +/),
    })),
  );

/** The command that some words name, with what follows it. */
function find(command: Described, [name, ...rest]: string[]): { command: Described; rest: string[] } {
  const next = command.commands.find((each) => each.name === name);
  return next ? find(next, rest) : { command, rest: name === undefined ? [] : [name, ...rest] };
}

it('the documentation shows commands of the CLI', () => {
  expect(shown.length).toBeGreaterThan(20);
});

it.each(shown.map(({ file, words }) => [words.join(' '), file, words] as const))(
  'the command %s in %s exists, with its options',
  (_, _file, words) => {
    if (words[0] === 'help') return;
    const { command, rest } = find(program, [...words]);
    expect(command).not.toBe(program);
    for (const word of rest.filter((each) => each.startsWith('--'))) expect(command.options).toContain(word);
  },
);
