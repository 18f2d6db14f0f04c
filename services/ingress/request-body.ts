import { describeIssues } from '@spillway/shared/attempt/parse.ts';
import { fit } from '@spillway/shared/contracts/job-type.ts';
import type { Schema } from '@spillway/shared/contracts/job-type-definition.ts';
import { Problem } from './light-function.ts';

/** The JSON of a request's body. @throws Problem `notJson` */
export function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem('notJson', {});
  }
}

/**
 * Reads a request's body by a schema.
 *
 * @param refuse makes the problem of a body that does not fit, from all that is wrong with it
 * @throws Problem `notJson`, or what `refuse` returns
 */
export function readBody<Body>(schema: Schema<Body>, body: string, refuse: (reason: string) => Problem): Body {
  const { data, error } = fit(schema, readJson(body));
  if (error) throw refuse(describeIssues(error.issues));
  return data as Body;
}
