import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Job, JobLogger } from '../attempt/job.ts';
import type { Submission } from '../attempt/ports.ts';

/** The function's own logger: JSON lines, named by POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();

/** CloudWatch Logs cuts an event at 256 KB (1 MB since 2025); a job that logs a document must not drown the rest. */
const LONGEST_ENTRY = 32 * 1024;

/** @param message also what is no text, such as the message of something caught that is no error: a log line fails no job */
const bounded = (message: unknown, fields: Record<string, unknown> = {}): [string, Record<string, unknown>] => {
  const whole = typeof message === 'string' ? message : inspect(message);
  const text = whole.length > LONGEST_ENTRY ? `${whole.slice(0, LONGEST_ENTRY)}… (${whole.length} characters)` : whole;
  let size = 0;
  try {
    size = JSON.stringify(fields, errorsToo)?.length ?? 0;
  } catch {
    return [text, { dropped: 'the fields of this entry cannot be written as JSON' }];
  }
  return [text, size > LONGEST_ENTRY ? { dropped: `the fields of this entry were ${size} characters long` } : fields];
};

/** JSON shows nothing of an error, and the logger writes its message and its stack. */
const errorsToo = (_name: string, value: unknown) =>
  value instanceof Error ? [value.message, value.stack, value.cause] : value;

/** A logger that adds the job's ids to each line; a field of the same name, such as of a client's input, does not replace them. */
export function jobLogger(
  job: Pick<Submission, 'id' | 'tenant' | 'type' | 'traceId'>,
  attempt: Job['attempt'],
): JobLogger {
  const ids = { jobId: job.id, tenant: job.tenant, jobType: job.type, attempt, traceId: job.traceId };
  const entry = (message: string, fields?: Record<string, unknown>): [string, Record<string, unknown>] => {
    const [text, kept] = bounded(message, fields);
    return [text, { ...kept, ...ids }];
  };
  return {
    debug: (message, fields) => logger.debug(...entry(message, fields)),
    info: (message, fields) => logger.info(...entry(message, fields)),
    warn: (message, fields) => logger.warn(...entry(message, fields)),
    error: (message, fields) => logger.error(...entry(message, fields)),
  };
}
