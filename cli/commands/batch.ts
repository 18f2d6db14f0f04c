import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { Argument, type Command } from 'commander';
import { readBatch } from '../batch-file.ts';
import { parseFile } from '../files.ts';
import { stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addBatch(program: Command): void {
  program
    .command('batch')
    .description('Submit the jobs in a file, and print what became of each as a line of JSON, in order')
    .addArgument(typeArgument())
    .addArgument(
      new Argument(
        '<file>',
        'JSON Lines, each { "id"?, "input", "runAfter"?, "expiresAfter"? }, "-" for standard input; or a .json file with a list of them',
      ).argParser(parseFile),
    )
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name }: JobType, file: string, options) => {
      // all of it first, so that nothing is sent of a file with a mistake
      const entries = readBatch(file);
      const { client } = await openFrontDoor(options);
      const outcomes = await client.jobsOf(name).batch(entries);
      for (const outcome of outcomes) console.log(JSON.stringify(outcome));
      const refused = outcomes.filter((outcome) => 'problem' in outcome).length;
      console.error(`Accepted: ${outcomes.length - refused}. Refused: ${refused}.`);
      if (refused > 0) process.exitCode = 1;
    });
}
