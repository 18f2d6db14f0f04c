import * as z from 'zod/mini';

/** A function runs without an environment variable that it needs. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'INVALID_ENVIRONMENT';
}

/**
 * Reads and checks environment variables once, while the handler loads.
 *
 * @throws EnvironmentError naming each variable that is missing or wrong
 */
export function environment<Shape extends z.core.$ZodShape>(shape: Shape): z.infer<z.ZodMiniObject<Shape>> {
  const parsed = z.object(shape).safeParse(process.env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path: [name] }) => `${String(name)} (${process.env[String(name)] === undefined ? 'missing' : 'wrong'})`,
  );
  throw new EnvironmentError(`set ${problems.join(', ')} in the function's environment (function.yml)`);
}
