import { CliError } from './errors.ts';

/** The options that say where a command works. npm has none of these names itself. */
const PLACES = ['stage', 'tenant'];

/**
 * Refuses a command of which npm kept an option: `npm run spillway submit csv-import --stage dev` without `--` before the
 * command comes here without its stage. npm says so in the environment:
 * https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables
 *
 * @throws CliError if there is such an option
 */
export function refuseKeptOptions(environment: Readonly<Record<string, string | undefined>>): void {
  const kept = PLACES.find((name) => environment[`npm_config_${name}`]);
  if (kept === undefined) return;
  throw new CliError('USAGE', `npm has kept --${kept} for itself. Usage: npm run spillway -- <command> --${kept} …`, 2);
}
