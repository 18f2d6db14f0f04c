/** A problem document (https://www.rfc-editor.org/rfc/rfc9457), as the front door answers when it refuses. */
export interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  /** What is wrong and what to do. */
  detail?: string;
  /** Identifies the request, for those who look into it. */
  instance?: string;
}

/** What the front door answered. */
interface Refusal {
  status?: number;
  problem?: ProblemDocument;
}

/** A request cannot be done. The message says what to do next and is all that a person sees. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** Stable, for programs: `BAD_REQUEST`, `UNREACHABLE`, `TIMED_OUT` and so on. */
  readonly code: string;
  /** The HTTP status of the front door's answer. Absent if none came. */
  readonly status: number | undefined;
  /** The front door's own explanation, if it gave one. */
  readonly problem: ProblemDocument | undefined;

  constructor(code: string, message: string, { status, problem }: Refusal = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

/** The codes of refusals by status, and what to do where the front door does not say it. */
const REFUSALS: Readonly<Record<number, { code: string; advice: string }>> = {
  400: { code: 'BAD_REQUEST', advice: 'Correct the request.' },
  401: { code: 'UNAUTHORIZED', advice: 'Check the client id, the client secret and the scopes.' },
  403: { code: 'FORBIDDEN', advice: 'Check the API key.' },
  404: { code: 'NOT_FOUND', advice: 'Check the job type and the job id.' },
  405: { code: 'NOT_ALLOWED', advice: 'Update the client: the front door does not have this request.' },
  409: { code: 'CONFLICT', advice: 'Read the job: its status does not allow this.' },
  413: { code: 'TOO_LARGE', advice: 'Send less at once.' },
  415: { code: 'NOT_JSON', advice: 'Send JSON.' },
  429: { code: 'BUSY', advice: 'Try again later.' },
};
const FAILED = { code: 'UNAVAILABLE', advice: 'Try again later.' };

/** The error of an answer that is not a success. @param what what was asked, such as `The job could not be read` */
export function refused(what: string, status: number, problem: ProblemDocument | undefined): ClientError {
  const known = REFUSALS[status] ?? (status >= 500 ? FAILED : { code: 'REFUSED', advice: 'See the status.' });
  const message = `${what} (${status}). ${problem?.detail ?? known.advice}`;
  return new ClientError(known.code, message, { status, ...(problem && { problem }) });
}
