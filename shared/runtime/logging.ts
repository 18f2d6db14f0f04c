import { Logger } from '@aws-lambda-powertools/logger';
import type { Job, JobLogger } from '../attempt/job.ts';
import type { Submission } from '../attempt/ports.ts';

/** The function's own logger: JSON lines, named by POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();

/** CloudWatch Logs cuts an event at 256 KB (1 MB since 2025); a job that logs a document must not drown the rest. */
const LONGEST_ENTRY = 32 * 1024;

const bounded = (message: string, fields: Record<string, unknown> = {}): [string, Record<string, unknown>] => {
  const text =
    message.length > LONGEST_ENTRY ? `${message.slice(0, LONGEST_ENTRY)}… (${message.length} characters)` : message;
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

/** A logger that adds the job's ids to each line. */
export function jobLogger(job: Submission, attempt: Job['attempt']): JobLogger {
  const child = logger.createChild();
  child.appendKeys({ jobId: job.id, tenant: job.tenant, jobType: job.type, attempt, traceId: job.traceId });
  return {
    debug: (message, fields) => child.debug(...bounded(message, fields)),
    info: (message, fields) => child.info(...bounded(message, fields)),
    warn: (message, fields) => child.warn(...bounded(message, fields)),
    error: (message, fields) => child.error(...bounded(message, fields)),
  };
}
