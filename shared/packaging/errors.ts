import { SourceError } from '../contracts/errors.ts';

/** A service that cannot be packaged as it is; the message says what to change. */
export class PackagingError extends SourceError {
  constructor(message: string) {
    super('PackagingError', 'CANNOT_PACKAGE', message);
  }
}
