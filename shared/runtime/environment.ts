// a tenth of zod, which what only reads its environment need not load
import * as z from 'zod/mini';

/** A function was deployed or started without a variable that it needs. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'INVALID_ENVIRONMENT';
}

/**
 * Reads the environment by a schema, once, while the handler loads.
 *
 * @throws EnvironmentError naming each variable that is missing or wrong
 */
export function environment<Shape extends z.core.$ZodShape>(shape: Shape): z.infer<z.ZodMiniObject<Shape>> {
  const parsed = z.object(shape).safeParse(process.env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  throw new EnvironmentError(`set ${problems.join(', ')} in the function's environment (function.yml)`);
}
