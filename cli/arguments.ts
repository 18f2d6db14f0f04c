import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CliError } from './errors.ts';

/** The options that every command about a stage takes. */
export const STAGE_OPTIONS = { stage: { type: 'string' }, tenant: { type: 'string', default: 'demo' } } as const;

/**
 * Reads a command's arguments.
 *
 * @param usage how it is meant, for the error
 * @throws CliError if there are others, or too few
 */
export function read<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  usage: string,
  positionals: number,
  options: Options,
) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: positionals > 0, strict: true });
    if (parsed.positionals.length === positionals) return parsed;
  } catch {
    // falls through to the usage
  }
  throw new CliError('USAGE', `Use it so: spillway ${usage}`, 2);
}
