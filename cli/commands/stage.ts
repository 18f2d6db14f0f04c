import { STAGE } from '@spillway/engine/engine-environment.ts';
import { type Command, Option } from 'commander';
import { ask } from '../ask.ts';
import { CliError } from '../errors.ts';
import { useDefaultRegion } from '../session.ts';
import { type Inventory, isEmpty, removeStage, takeInventory } from '../stage/remove.ts';

export function addStage(program: Command): void {
  program
    .command('stage')
    .description('Remove a stage from AWS')
    .command('remove')
    .description('Remove all stacks of a stage, and all jobs, facts, tenants and logs that it has or left behind')
    .argument('<stage>', 'the stage')
    .addOption(new Option('--yes <stage>', 'the name of the stage again, instead of being asked for it'))
    .action(async (stage: string, { yes }: { yes?: string }) => {
      if (stage === STAGE) {
        throw new CliError(
          'LOCAL_STAGE',
          'The stage local belongs to the local engine. To delete it: npm run spillway -- down --forget',
        );
      }
      useDefaultRegion();
      const inventory = await takeInventory(stage);
      if (isEmpty(inventory)) {
        console.log(`There is nothing of the stage ${stage} in ${process.env.AWS_REGION}.`);
        return;
      }
      console.log(`The stage ${stage} has in ${process.env.AWS_REGION}:\n\n${list(inventory)}\n`);
      await confirm(stage, yes);
      if (await removeStage(stage, (line) => console.log(line))) {
        console.log(`The stage ${stage} is removed.`);
        return;
      }
      throw new CliError(
        'NOT_REMOVED',
        'Some of it could not be removed, as reported above. To continue, repeat the command.',
      );
    });
}

const list = ({ stacks, leftovers }: Inventory) =>
  [
    ...(stacks.length > 0 ? ['stacks', ...stacks.map((name) => `  ${name}`)] : []),
    ...leftovers.flatMap(({ title, found }) => [
      title,
      ...found.map(({ name, content }) => `  ${name}${content ? ` (${content})` : ''}`),
    ]),
  ].join('\n');

/** @throws CliError unless the stage's name was given or is typed */
async function confirm(stage: string, yes: string | undefined): Promise<void> {
  const answer =
    yes ??
    (await ask(
      'All of this will be deleted for good. Type the name of the stage to continue: ',
      'Nothing was removed: without a terminal, confirm with --yes <stage>.',
    ));
  if (answer.trim() === stage) return;
  throw new CliError('NOT_CONFIRMED', `Nothing was removed: that was not the name of the stage, ${stage}.`);
}
