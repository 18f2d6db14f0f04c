/** A request cannot be done. The message says what to do next and is all that a person sees. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
