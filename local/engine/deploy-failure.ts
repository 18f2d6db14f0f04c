import { LocalError } from './errors.ts';

/** How much of a failed command's output is shown. */
const LINES_SHOWN = 25;
/** Our own message in what the CLI prints around it. The CLI puts a comma after all but the last. */
const REFUSAL = /(?:ContractError|PackagingError): (.*?),?$/m;
/** A line of a stack trace, behind the service's name that compose puts before each line. */
const STACK_LINE = /^(\S+ ›)?\s+at .+[)\d]$/;

/** Says why a deploy failed: what is wrong with a contract or a folder, or else the end of the CLI's output. */
export function deployError(output: string): LocalError {
  const refusal = REFUSAL.exec(output)?.[1];
  return refusal
    ? new LocalError('CANNOT_PACKAGE', `The services cannot be packaged: ${refusal}`)
    : new LocalError(
        'DEPLOY_FAILED',
        `The services could not be deployed. The Serverless CLI said:\n${reasonIn(output)}`,
      );
}

/** The end of what the CLI printed, without stack traces, which would push out the reason above them. */
export const reasonIn = (output: string) =>
  output
    .trim()
    .split('\n')
    .filter((line) => !STACK_LINE.test(line))
    .slice(-LINES_SHOWN)
    .join('\n');
