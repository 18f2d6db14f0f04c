import { join } from 'node:path';
import { STAGE } from '@spillway/engine/engine-environment.ts';
import { STATE } from '@spillway/engine/paths.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ask } from '../ask.ts';
import { CliError } from '../errors.ts';
import { stageOption } from '../options.ts';
import { announcement, PROBES, probe } from '../probe/run.ts';
import { findTarget } from '../session.ts';

const LETTERS = PROBES.map(({ letter }) => letter);

export function addProbe(program: Command): void {
  program
    .command('probe')
    .description('Check on a real stage what the local engine cannot prove, and write a report (docs/probe.md)')
    .addOption(stageOption())
    .addOption(
      new Option('--only <letters>', `only these of the probes ${LETTERS.join(', ')}, such as A,C`)
        .argParser(parseLetters)
        .default(LETTERS, 'all of them'),
    )
    .option('--yes', 'do not ask before anything is created or changed')
    .action(async ({ stage, only, yes }: { stage?: string; only: string[]; yes?: true }) => {
      if (stage === STAGE) {
        throw new CliError(
          'LOCAL_STAGE',
          'The stage local belongs to the local engine: leave --stage out to probe it.',
        );
      }
      const target = await findTarget(stage);
      const probes = PROBES.filter(({ letter }) => only.includes(letter));
      console.log(await announcement(target, probes));
      await confirm(yes);
      const time = new Date().toISOString().replaceAll(/[-:]|\..*/g, '');
      await probe(target, probes, join(STATE, 'probes', `${target.stage.name}-${time}.md`));
    });
}

function parseLetters(text: string): string[] {
  const letters = text.toUpperCase().split(',');
  if (letters.every((letter) => LETTERS.includes(letter))) return letters;
  throw new InvalidArgumentError(`The probes are ${LETTERS.join(', ')}.`);
}

/** @throws CliError unless a person agrees, or agreed before */
async function confirm(yes: true | undefined): Promise<void> {
  if (yes) return;
  const answer = await ask('Continue? [y/N] ', 'Nothing was done: without a terminal, confirm with --yes.');
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('NOT_CONFIRMED', 'Nothing was done.');
}
