import { fit, type JobType } from '../contracts/job-type.ts';
import { deflate, inflate } from './deflate.ts';
import { PermanentJobError } from './errors.ts';
import { describeIssues } from './parse.ts';
import type { Archive } from './ports.ts';
import type { StoredResult } from './settlement.ts';
import type { Fence } from './submission.ts';

/**
 * Results up to this many bytes, as they are stored, stay in the row. Each KB of a write costs a unit, so 8 KB cost as much
 * as an object in S3.
 */
const INLINE_RESULT_BYTES = 8 * 1024;
/** The name is part of the row, too. */
const LONGER_NAME = 'deflated'.length - 'json'.length;

/**
 * Checks what a job's code or workflow returned by its contract.
 *
 * @throws PermanentJobError if it does not fit
 */
export function checkedResult<Result>({ result }: Pick<JobType<unknown, Result>, 'result'>, returned: unknown): Result {
  const checked = fit(result, returned);
  if (checked.success) return checked.data;
  throw new PermanentJobError(
    'RESULT_REFUSED',
    `the job's result does not fit its contract: ${describeIssues(checked.error.issues)}`,
  );
}

/**
 * Makes a result storable in its job's row, deflated if that makes the row smaller. A big one goes to the archive, as JSON, because
 * clients may read it by a link.
 *
 * @throws TypeError or RangeError if it cannot be written as JSON
 */
export async function storedResult(
  result: unknown,
  fence: Fence,
  archive: Pick<Archive, 'keepResult'>,
): Promise<StoredResult> {
  const json = JSON.stringify(result) ?? 'null';
  const bytes = Buffer.byteLength(json);
  const deflated = deflate(json, INLINE_RESULT_BYTES);
  if (deflated && deflated.length + LONGER_NAME < bytes) return { deflated };
  return bytes <= INLINE_RESULT_BYTES ? { json } : { key: await archive.keepResult(fence, json), bytes };
}

/** The JSON of a result that is stored in the row. */
export const inlineJson = (result: Exclude<StoredResult, { key: string }>): string =>
  'json' in result ? result.json : inflate(result.deflated);
