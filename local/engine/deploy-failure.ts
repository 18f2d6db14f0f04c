import { LocalError } from './errors.ts';

/** How much of a failed command's output is shown. */
const LINES_SHOWN = 25;
/** Our own message in what the CLI prints around it. The CLI puts a comma after all but the last. */
const REFUSAL = /(?:ContractError|PackagingError): (.*?),?$/m;
/** The line with which compose says that a service failed. */
const FAILED = /^(\S+) › error$/;
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

/** What the CLI printed about the services that failed, or else its last lines; without stack traces. */
export function reasonIn(output: string): string {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !STACK_LINE.test(line));
  const failed = lines.flatMap((line) => FAILED.exec(line)?.[1] ?? []);
  // compose repeats a service's error below this line, among what the other services still print
  const afterFailure = lines.slice(lines.findIndex((line) => FAILED.test(line)));
  const reasons = afterFailure.filter((line) => failed.some((service) => line.startsWith(`${service} › `)));
  return (failed.length > 0 ? reasons : lines).slice(-LINES_SHOWN).join('\n');
}
