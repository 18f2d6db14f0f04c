import { read, STAGE_OPTIONS } from '../arguments.ts';
import { CliError } from '../errors.ts';
import { session } from '../session.ts';

/** Prints a job. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = read(args, 'status TYPE ID [--stage NAME]', 2, STAGE_OPTIONS);
  const [type = '', id = ''] = positionals;
  const { status, body } = await (await session(values)).job(type, id);
  if (status !== 200) throw new CliError('NO_JOB', `No job (${status}): ${body.detail}`);
  console.log(JSON.stringify(body, null, 2));
}
