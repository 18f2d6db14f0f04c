/**
 * A mistake in the source, found while a contract is loaded or a service is packaged. The Serverless CLI prints an error's
 * stack, and a person looks for the one line that matters, so the stack is that line.
 */
export abstract class SourceError extends Error {
  readonly code: string;

  /** @param name the name of the class; bundling shortens `constructor.name` */
  constructor(name: string, code: string, message: string) {
    super(message);
    this.name = name;
    this.code = code;
    this.stack = `${name}: ${message}`;
  }
}
