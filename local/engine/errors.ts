/** Something on this machine is missing or in the way. The message says what to do and is all that a person sees. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
