import type { PROBLEMS, ProblemDefinition, ProblemName, ProblemStatus } from './problems.ts';

/** The reason phrases of RFC 9110 and RFC 6585. */
const TITLES: Record<ProblemStatus, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The names that a text leaves open: `'{a}: {b}'` has `a` and `b`. */
type Blanks<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Blanks<Rest> : never;

/** What a problem's detail needs to be complete. */
export type ProblemValues<Name extends ProblemName> = Readonly<
  Record<Blanks<(typeof PROBLEMS)[Name]['detail']>, string | number>
>;

/** Fills `{name}` in; a name that is not given stays as it is. */
export const fillIn = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? blank));

/**
 * The problem document as JSON.
 *
 * @param requestId the request's UUID, or the template variable that holds it
 */
export function problemDocument(
  { status, title, detail }: ProblemDefinition,
  requestId: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return JSON.stringify({
    type: 'about:blank',
    title: title ?? (status && TITLES[status]),
    status,
    detail: fillIn(detail, values),
    instance: `urn:uuid:${requestId}`,
  });
}
