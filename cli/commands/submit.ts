import { ClientError } from '@spillway/client/errors.ts';
import { describeIssues } from '@spillway/shared/attempt/parse.ts';
import { fit, type JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { readInput } from '../input.ts';
import { inputOption, readSubmitOptions, stageOption, submitOptions, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor, type Target } from '../session.ts';

export function addSubmit(program: Command): void {
  const submit = program
    .command('submit')
    .description("Submit a job and print the front door's answer")
    .addArgument(typeArgument())
    .addOption(inputOption())
    .addOption(stageOption())
    .addOption(tenantOption());
  for (const option of submitOptions()) submit.addOption(option);
  submit.action(async (jobType: JobType, options) => {
    const { name, example } = jobType;
    const given = options.input === undefined ? undefined : readInput(options.input);
    const { client, target } = await openFrontDoor(options);
    const input = given ?? exampleFor(target, example.input);
    const accepted = await client
      .jobsOf(name)
      .submit(input, readSubmitOptions(options))
      .catch((error: unknown) => {
        throw explained(error, jobType, input);
      });
    const self = new URL(accepted.links.self, 'http://front-door');
    console.log(JSON.stringify({ ...accepted, acceptedAt: self.searchParams.get('acceptedAt') }));
  });
}

/** A refusal of an input, with the fields that do not fit: API Gateway names the values, but not the fields. */
function explained(error: unknown, { name, input: schema }: JobType, input: unknown): unknown {
  if (!(error instanceof ClientError) || error.code !== 'BAD_REQUEST') return error;
  const { error: misfit } = fit(schema, input);
  if (!misfit) return error;
  return new CliError('BAD_INPUT', `The input does not fit the job type ${name}: ${describeIssues(misfit.issues)}.`);
}

/** The hosts that examples may name, because nobody can own them: https://www.rfc-editor.org/rfc/rfc2606 */
const EXAMPLE_HOST = /"https:\/\/example\.com\//g;

/** An example for a stage. On the local engine, the host that its addresses name is the engine, which accepts everything. */
const exampleFor = ({ endpoint }: Target, input: unknown): unknown =>
  endpoint ? JSON.parse(JSON.stringify(input).replaceAll(EXAMPLE_HOST, `"${endpoint}/_spillway/accept/`)) : input;
