import { readFileSync } from 'node:fs';
import { read, STAGE_OPTIONS } from '../arguments.ts';
import { CliError } from '../errors.ts';
import { checkJobId, jobTypeOf } from '../jobs.ts';
import { session } from '../session.ts';

/** Submits one job and prints what the front door says. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = read(
    args,
    'submit TYPE [--input FILE|-] [--id ID] [--stage NAME] [--tenant NAME]',
    1,
    {
      ...STAGE_OPTIONS,
      input: { type: 'string' },
      id: { type: 'string' },
    },
  );
  const [type = ''] = positionals;
  const { example } = jobTypeOf(type);
  if (values.id !== undefined) checkJobId(values.id);
  const input = values.input === undefined ? example.input : readInput(values.input);
  const { status, headers, body } = await (await session(values)).submit(type, input, values.id);
  if (status !== 202) throw new CliError('REFUSED', `Refused (${status}): ${body.detail}`);
  const acceptedAt = new URL(headers.get('location') ?? '', 'http://door').searchParams.get('acceptedAt');
  console.log(JSON.stringify({ ...body, acceptedAt }));
}

function readInput(file: string): unknown {
  const [source, name] = file === '-' ? [0, 'from standard input'] : [file, file];
  try {
    return JSON.parse(readFileSync(source, 'utf8'));
  } catch (error) {
    throw new CliError('BAD_INPUT', `The input ${name} is no readable JSON: ${(error as Error).message}`, 2);
  }
}
