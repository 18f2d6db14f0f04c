/** What a person sees of an error: errors of ours, of the system and of AWS say what is wrong; only a bug needs its stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error || '$fault' in error ? error.message : (error.stack ?? error.message);
}

/** Something on this machine is missing or in the way. The message says what to do and is all that a person sees. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
