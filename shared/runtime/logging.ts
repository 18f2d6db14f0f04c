import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import type { JobLogger } from '../attempt/job-code.ts';
import type { Attempt } from '../attempt/submission.ts';

/** The function's own logger. It writes JSON lines with POWERTOOLS_SERVICE_NAME as the service. */
export const logger = new Logger();

/** CloudWatch Logs truncates an event at 256 KB (1 MB since 2025), and a job may log a whole document. */
const LONGEST_ENTRY = 32 * 1024;

/** @param message any value, such as the message of something thrown that is not an Error: logging must not fail a job */
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

/** JSON.stringify writes nothing of an Error, but the logger writes its message and its stack. */
const errorsToo = (_name: string, value: unknown) =>
  value instanceof Error ? [value.message, value.stack, value.cause] : value;

/** A logger that adds the job's ids to each line. A field with the same name, such as of an input, cannot replace them. */
export function jobLogger({
  id,
  tenant,
  type,
  attempt,
  traceId,
}: Pick<Attempt['job'], 'id' | 'tenant' | 'type' | 'attempt' | 'traceId'>): JobLogger {
  const ids = { jobId: id, tenant, jobType: type, attempt, traceId };
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
