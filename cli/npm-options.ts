import { CliError } from './errors.ts';

/**
 * The options without which a command does something else: those that say where it works, and what it deletes or repeats. npm
 * has none of these names itself; it asks before it replays, so `--dry-run` and `--yes`, which npm has, do no harm.
 */
const OURS = ['stage', 'tenant', 'forget', 'as-new-job'];

/**
 * Refuses a command of which npm kept an option: `npm run spillway submit csv-import --stage dev` without `--` before the
 * command comes here without its stage. npm says so in the environment:
 * https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables
 *
 * @throws CliError if there is such an option
 */
export function refuseKeptOptions(environment: Readonly<Record<string, string | undefined>>): void {
  const kept = OURS.find((name) => environment[`npm_config_${name.replaceAll('-', '_')}`]);
  if (kept === undefined) return;
  throw new CliError('USAGE', `npm has kept --${kept} for itself. Usage: npm run spillway -- <command> --${kept} …`, 2);
}
