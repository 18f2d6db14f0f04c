import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { EntryProblem } from '@spillway/shared/contracts/batch.ts';
import {
  type Blanks,
  fillIn,
  type ProblemDefinition,
  problemDocument,
} from '@spillway/shared/contracts/problem-document.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { PROBLEMS, type ProblemName } from './problems.ts';

/** Who sent a request, and which job type it is about. */
export interface Caller {
  tenant: string;
  type: string;
}

/** The tenant is the token's subject; the job type is the literal segment of the matched route, `/jobs/<type>/…`. */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const type = event.resource.split('/')[2];
  if (!type) throw new Error('the route has no job type');
  return { tenant: tenantOf(event), type };
}

/** The tenant who sent a request: the token's subject. */
export function tenantOf({ requestContext }: APIGatewayProxyEvent): string {
  const tenant = requestContext.authorizer?.claims?.sub;
  if (!tenant) throw new Error('the route has no authorizer');
  return tenant;
}

/** The path of the API's stage, such as `/dev`, which links to other routes start with. */
export const stagePathOf = ({ requestContext }: APIGatewayProxyEvent): string => `/${requestContext.stage}`;

/** The administrator who signed a request: an IAM user's or role session's ARN. */
export function administratorOf({ requestContext }: APIGatewayProxyEvent): string {
  const { userArn } = requestContext.identity;
  if (!userArn) throw new Error('the route does not ask for a signature');
  return userArn;
}

/** An answer with another status than 200, or with headers of its own. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A request's header, whatever the case of its name. */
export function headerOf({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

/** @throws Problem if what was sent is not JSON by its content type */
export function checkContentType(contentType: string | undefined): void {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) throw new Problem('unsupportedMediaType', {});
}

/** What a problem's detail needs to be complete. */
type ProblemValues<Name extends ProblemName> = Readonly<
  Record<Blanks<(typeof PROBLEMS)[Name]['detail']>, string | number>
>;

/** A request that cannot be answered as asked; {@link answer} turns it into the problem document of that name. */
export class Problem<Name extends ProblemName = ProblemName> extends Error {
  override readonly name = 'Problem';
  readonly code: Name;
  readonly values: ProblemValues<Name>;
  /** Further members of the document (RFC 9457, section 3.2). */
  members: Readonly<Record<string, unknown>> = {};

  constructor(code: Name, values: ProblemValues<Name>) {
    super(fillIn(PROBLEMS[code].detail, values));
    this.code = code;
    this.values = values;
  }

  /** Adds members to the document. */
  with(members: Readonly<Record<string, unknown>>): this {
    this.members = members;
    return this;
  }
}

/** The problem document that describes a problem within an answer. */
export const problemOf = ({ code, values }: Problem, requestId: string): EntryProblem =>
  JSON.parse(problemDocument(PROBLEMS[code], requestId, values));

/**
 * Answers with what `work` returns, as 200 or as an {@link Answer}, or with the problem it throws. Anything else that it throws is
 * logged, and the caller gets an answer that reveals nothing about our code: a 503 if AWS was busy or did not answer, although the SDK
 * tried again, and otherwise a 500, because it is our own fault. HEAD gets the same answer without its body.
 */
export async function answer(
  event: APIGatewayProxyEvent,
  work: () => Promise<unknown>,
): Promise<APIGatewayProxyResult> {
  const result = await resultOf(event.requestContext.requestId, work);
  return event.httpMethod === 'HEAD' ? { ...result, body: '' } : result;
}

async function resultOf(requestId: string, work: () => Promise<unknown>): Promise<APIGatewayProxyResult> {
  try {
    const answered = await work();
    const { status, headers, body } = answered instanceof Answer ? answered : new Answer(200, answered);
    return {
      statusCode: status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
      // 204 has none
      body: body === undefined ? '' : JSON.stringify(body),
    };
  } catch (thrown) {
    if (thrown instanceof Problem) return problemAnswer(thrown, requestId);
    logger.error('the request failed', { requestId, error: thrown });
    return problemAnswer(new Problem(isPassing(thrown) ? 'serviceBusy' : 'functionFailed', {}), requestId);
  }
}

/** Whether a call to AWS failed for a reason for which the SDK repeats calls. */
function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const error = thrown as Parameters<typeof isTransientError>[0];
  return isThrottlingError(error) || isTransientError(error);
}

function problemAnswer(thrown: Problem, requestId: string): APIGatewayProxyResult {
  const problem: ProblemDefinition = PROBLEMS[thrown.code];
  return {
    statusCode: problem.status ?? 500,
    headers: { 'content-type': 'application/problem+json', ...problem.headers },
    body: JSON.stringify({ ...problemOf(thrown, requestId), ...thrown.members }),
  };
}
