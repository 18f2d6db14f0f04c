export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 500 | 503;

/** One way in which a request is refused. */
export interface ProblemText {
  /** If absent, API Gateway's own status, which the document then does not repeat. */
  status?: ProblemStatus;
  /** If absent, the reason phrase of the status. */
  title?: string;
  /** What is wrong and what to do. `{name}` is filled in; in a gateway response so is `$context.…`. */
  detail: string;
}

/** One way in which the front door refuses a request, or fails to answer it. */
export interface ProblemDefinition extends ProblemText {
  /**
   * Where it can happen: on any route, on a submit, on a route for administrators, in a light function whose operation
   * lists it, or only off the routes that the API description lists.
   */
  where: 'any' | 'submit' | 'admin' | 'function' | 'elsewhere';
  /** For the API description. If absent, another row of the same status covers it. */
  summary?: string;
  headers?: Readonly<Record<string, string>>;
  /**
   * The refusals of API Gateway that it answers:
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
   */
  gateway?: readonly string[];
  /** The error codes of SQS that it answers. */
  sqs?: readonly string[];
}

/** The reason phrases of RFC 9110 and RFC 6585. */
const TITLES: Record<ProblemStatus, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The names that a text leaves open: `'{a}: {b}'` has `a` and `b`. */
export type Blanks<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Blanks<Rest>
  : never;

/** Fills `{name}` in; a name that is not given stays as it is. */
export const fillIn = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (blank, name) => String(values[name] ?? blank));

/**
 * The problem document as JSON.
 *
 * @param requestId the request's UUID, or the template variable that holds it
 */
export function problemDocument(
  { status, title, detail }: ProblemText,
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
