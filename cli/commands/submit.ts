import { readFileSync } from 'node:fs';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { read, STAGE_OPTIONS } from '../arguments.ts';
import { CliError } from '../errors.ts';
import { session } from '../session.ts';

/** Submits one job and prints what the front door says. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = read(args, 'submit TYPE [--input FILE|-] [--id ID] [--stage NAME]', 1, {
    ...STAGE_OPTIONS,
    input: { type: 'string' },
    id: { type: 'string' },
  });
  const [type = ''] = positionals;
  const input = values.input === undefined ? exampleOf(type) : readInput(values.input);
  const { status, headers, body } = await (await session(values)).submit(type, input, values.id);
  if (status !== 202) throw new CliError('REFUSED', `Refused (${status}): ${body.detail}`);
  const acceptedAt = new URL(headers.get('location') ?? '', 'http://door').searchParams.get('acceptedAt');
  console.log(JSON.stringify({ ...body, acceptedAt }));
}

function exampleOf(type: string): unknown {
  const types = loadJobTypes();
  const jobType = types.find(({ name }) => name === type);
  if (jobType) return jobType.example.input;
  throw new CliError(
    'NO_TYPE',
    `There is no job type "${type}". Use one of ${types.map(({ name }) => name).join(', ')}.`,
    2,
  );
}

function readInput(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new CliError('BAD_INPUT', `The input ${file} is no readable JSON: ${(error as Error).message}`, 2);
  }
}
