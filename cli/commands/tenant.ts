import { read, STAGE_OPTIONS } from '../arguments.ts';
import { keep } from '../credentials.ts';
import { CliError } from '../errors.ts';
import { findStage } from '../stage.ts';
import { tenants } from '../tenants.ts';

/** Onboards a caller, renews its secrets, or ends its access. Secrets are shown once. */
export async function run(args: string[]): Promise<void> {
  const usage = 'tenant create|rotate|suspend NAME [--stage NAME]';
  const { positionals, values } = read(args, usage, 2, { stage: STAGE_OPTIONS.stage });
  const [action = '', name = ''] = positionals;
  if (!['create', 'rotate', 'suspend'].includes(action)) throw new CliError('USAGE', `Use it so: spillway ${usage}`, 2);
  const stage = await findStage(values.stage);
  const known = tenants(stage);
  if (action !== 'suspend') {
    const credentials = action === 'create' ? await known.create(name) : await known.rotate(name);
    keep(stage, credentials);
    console.log(JSON.stringify({ ...credentials, tokenUrl: stage.tokenUrl, apiUrl: stage.apiUrl }, null, 2));
  } else {
    await known.suspend(name);
    console.log(`${name} is suspended; "spillway tenant rotate ${name}" lets it in again.`);
  }
}
