import { SourceError } from '../contracts/errors.ts';

/** A service cannot be packaged. The message says what to change. */
export class PackagingError extends SourceError {
  constructor(message: string) {
    super('PackagingError', 'CANNOT_PACKAGE', message);
  }
}
