import type { APIGatewayProxyResult } from 'aws-lambda';

/** A request that is refused; {@link answerOf} turns it into a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: 400 | 404;

  /** @param detail what was wrong, and the mend */
  constructor(status: 400 | 404, detail: string) {
    super(detail);
    this.status = status;
  }
}

const TITLES = { 400: 'Bad Request', 404: 'Not Found' };

/** A JSON answer. */
export const ok = (body: unknown): APIGatewayProxyResult => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

/** The problem document (RFC 9457), shaped as the gateway's own (resources/problems.yml). */
export const answerOf = ({ status, message }: Problem, requestId: string): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: message,
    instance: `urn:uuid:${requestId}`,
  }),
});
