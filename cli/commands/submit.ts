import { readFileSync } from 'node:fs';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { parseJobId, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addSubmit(program: Command): void {
  program
    .command('submit')
    .description("Submit a job and print the front door's answer")
    .addArgument(typeArgument())
    .option('--input <file>', 'the input as JSON, "-" for standard input; without it, the job type\'s example')
    .addOption(
      new Option('--id <id>', 'your own job id: submitting the same id again is the same job').argParser(parseJobId),
    )
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name, example }: JobType, options) => {
      const input = options.input === undefined ? example.input : readInput(options.input);
      const door = await openFrontDoor(options);
      const { status, headers, body } = await door.submit(name, input, { id: options.id });
      if (status !== 202) throw new CliError('REFUSED', `The front door refused the job (${status}): ${body.detail}`);
      const location = new URL(headers.get('location') ?? '', 'http://front-door');
      console.log(JSON.stringify({ ...body, acceptedAt: location.searchParams.get('acceptedAt') }));
    });
}

function readInput(file: string): unknown {
  const [source, name] = file === '-' ? [0, 'from standard input'] : [file, file];
  try {
    return JSON.parse(readFileSync(source, 'utf8'));
  } catch (error) {
    throw new CliError('BAD_INPUT', `The input ${name} is not readable JSON: ${(error as Error).message}`, 2);
  }
}
