import { readFileSync } from 'node:fs';
import { reasonOf } from '@spillway/client/front-door.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { readSubmitOptions, stageOption, submitOptions, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addSubmit(program: Command): void {
  const submit = program
    .command('submit')
    .description("Submit a job and print the front door's answer")
    .addArgument(typeArgument())
    .option('--input <file>', 'the input as JSON, "-" for standard input; without it, the job type\'s example')
    .addOption(stageOption())
    .addOption(tenantOption());
  for (const option of submitOptions()) submit.addOption(option);
  submit.action(async ({ name, example }: JobType, options) => {
    const input = options.input === undefined ? example.input : readInput(options.input);
    const door = await openFrontDoor(options);
    const answer = await door.submit(name, input, readSubmitOptions(options));
    const { status, headers, body } = answer;
    if (status !== 202) throw new CliError('REFUSED', `The front door refused the job (${reasonOf(answer)})`);
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
