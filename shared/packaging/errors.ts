/** A service that cannot be packaged as it is; the message names the mend. */
export class PackagingError extends Error {
  override readonly name = 'PackagingError';
  readonly code = 'CANNOT_PACKAGE';

  constructor(message: string) {
    super(message);
    // the Serverless CLI prints an error's stack, and a person looks for the one line that matters
    this.stack = `PackagingError: ${message}`;
  }
}
