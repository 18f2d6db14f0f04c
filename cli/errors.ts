/** A command cannot be done. The message says what to do and is all that a person sees. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  /** 2 for an invalid command line, 3 for a watch that cannot say how a job ended, 1 for everything else. */
  readonly exitCode: 1 | 2 | 3;

  constructor(code: string, message: string, exitCode: 1 | 2 | 3 = 1) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
