import type { APIGatewayProxyResult } from 'aws-lambda';

const TITLES = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' };

/** A request that is not answered as it was meant; {@link answerOf} turns it into a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: keyof typeof TITLES;

  /** @param detail what was wrong, and the mend; the caller reads it */
  constructor(status: keyof typeof TITLES, detail: string) {
    super(detail);
    this.status = status;
  }
}

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
