import { read } from '../arguments.ts';
import { CliError } from '../errors.ts';
import { checkJobId, JOB_OPTIONS, jobTypeOf } from '../jobs.ts';
import { session } from '../session.ts';

/** Prints a job. */
export async function run(args: string[]): Promise<void> {
  const { positionals, values } = read(
    args,
    'status TYPE ID [--accepted-at MS] [--stage NAME] [--tenant NAME]',
    2,
    JOB_OPTIONS,
  );
  const [type = '', id = ''] = positionals;
  jobTypeOf(type);
  checkJobId(id);
  const { status, body } = await (await session(values)).job(type, id, values['accepted-at']);
  if (status !== 200) throw new CliError('NO_JOB', `No job (${status}): ${body.detail}`);
  console.log(JSON.stringify(body, null, 2));
}
