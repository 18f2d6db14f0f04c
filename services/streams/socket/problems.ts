import { type Blanks, type ProblemText, problemDocument } from '@spillway/shared/contracts/problem-document.ts';
import { MOST_SUBSCRIPTIONS } from '@spillway/shared/contracts/socket-protocol.ts';

/** Every problem document (RFC 9457) that the socket sends. */
const PROBLEMS = {
  notJson: {
    status: 400,
    detail: 'The message is not JSON. docs/push.md lists the messages.',
  },
  badMessage: { status: 400, detail: 'The message is not valid: {reason}.' },
  revisionOfMany: {
    status: 400,
    detail: 'A revision as since works for one job only: to catch up with several jobs, send a time.',
  },
  tooLongAway: {
    status: 400,
    detail: 'You are subscribed, but since is more than {hours} hours ago: read the list of jobs for what was before.',
  },
  tokenExpired: { status: 401, detail: 'The access token has expired: connect again with a new one.' },
  unknownJob: {
    status: 404,
    detail: 'Job {jobId} of type {type} is unknown, or has not started yet. If it is yours, you will get its events.',
  },
  unknownType: { status: 404, detail: 'There is no job type {type}.' },
  catchUpTooLong: {
    status: 413,
    detail:
      'You are subscribed, but you missed more than can be sent at once, which takes up to {seconds} seconds and up to {most} new jobs of a type: read the list of jobs for the others.',
  },
  tooManySubscriptions: {
    status: 429,
    title: 'Too Many Subscriptions',
    detail: `A connection may have ${MOST_SUBSCRIPTIONS} subscriptions: end one, or subscribe to a type or to all jobs.`,
  },
  catchingUp: {
    status: 503,
    detail:
      'You are subscribed, but this connection is still catching up: send the message again when it is done, after {seconds} seconds at most.',
  },
  failed: { status: 500, detail: 'Something went wrong here. Send the message again.' },
} as const satisfies Record<string, ProblemText>;

export type ProblemName = keyof typeof PROBLEMS;
type Values<Name extends ProblemName> = Readonly<Record<Blanks<(typeof PROBLEMS)[Name]['detail']>, string | number>>;

/** A message that cannot be done as asked. */
export class SocketProblem<Name extends ProblemName = ProblemName> extends Error {
  override readonly name = 'SocketProblem';
  readonly code: Name;
  readonly values: Values<Name>;

  constructor(code: Name, values: Values<Name>) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/**
 * A problem document as the socket sends it.
 *
 * @param id a UUID, which the log has too
 * @param about the message that it is about, if it was one, so that the client can tell its subscriptions apart
 */
export function problemText({ code, values }: SocketProblem, id: string, about?: unknown): string {
  const document = JSON.parse(problemDocument(PROBLEMS[code], id, values));
  return JSON.stringify(about === undefined ? document : { ...document, about });
}
