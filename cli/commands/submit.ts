import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { readInput } from '../input.ts';
import { readSubmitOptions, stageOption, submitOptions, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor, type Target } from '../session.ts';

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
    const given = options.input === undefined ? undefined : readInput(options.input);
    const { client, target } = await openFrontDoor(options);
    const input = given ?? exampleFor(target, example.input);
    const accepted = await client.jobsOf(name).submit(input, readSubmitOptions(options));
    const self = new URL(accepted.links.self, 'http://front-door');
    console.log(JSON.stringify({ ...accepted, acceptedAt: self.searchParams.get('acceptedAt') }));
  });
}

/** The hosts that examples may name, because nobody can own them: https://www.rfc-editor.org/rfc/rfc2606 */
const EXAMPLE_HOST = /"https:\/\/example\.com\//g;

/** An example for a stage. On the local engine, the host that its addresses name is the engine, which accepts everything. */
const exampleFor = ({ endpoint }: Target, input: unknown): unknown =>
  endpoint ? JSON.parse(JSON.stringify(input).replaceAll(EXAMPLE_HOST, `"${endpoint}/_spillway/accept/`)) : input;
