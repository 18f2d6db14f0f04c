import type { Failure, FailureDetail } from '@spillway/shared/contracts/failure.ts';
import { sentIn } from '@spillway/shared/contracts/submit-attributes.ts';
import { failureOf, type failureReads } from '@spillway/shared/job-store/failures.ts';
import { type JobRow, type ParkedRow, viewOf } from '@spillway/shared/job-store/row.ts';
import type { ArchiveRecord } from '@spillway/shared/runtime/lane/archive.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';
import { Problem } from '../../light-function.ts';
import { logLink } from '../../log-link.ts';

/** A job, or a parked message with the tenant `-`. */
export interface FailureRequest {
  tenant: string;
  type: string;
  jobId: string;
}

export interface GetFailureTools {
  reads: Pick<ReturnType<typeof failureReads>, 'rowsOf'>;
  archive: Pick<Objects, 'get'>;
  /** The service that owns a job type. */
  owners: Readonly<Record<string, string>>;
  stage: string;
  region: string;
}

/**
 * Shows one failure: the input, the attempts, the errors and a link to the logs.
 *
 * @throws Problem if there is no such failure
 */
export async function getFailure(request: FailureRequest, tools: GetFailureTools): Promise<FailureDetail> {
  const { tenant, type, jobId } = request;
  const { row, parked } = await tools.reads.rowsOf({ tenant, type, id: jobId });
  const failed = row?.failureSort === undefined ? undefined : row;
  const found = failed ?? parked;
  if (!found) throw new Problem('unknownFailure', { jobId, type, tenant });
  const record = await readRecord(found, tools);
  const failure = failureOf(found);
  return {
    ...failure,
    ...(row && jobOf(row, failure)),
    ...(record && { input: record.message.body, attributes: sentIn(record.message.attributes) }),
    links: { logs: logsOf(found, row, tools) },
  };
}

/** What the job says besides the failure. */
function jobOf(row: JobRow, { code, message }: Failure): Partial<FailureDetail> {
  const { status, attempts, generation, acceptedAt, traceId, history, error, failures } = viewOf(row, '');
  const isOther = error && (error.code !== code || error.message !== message || error.step !== undefined);
  return { status, attempts, generation, acceptedAt, traceId, history, ...(isOther && { error }), failures };
}

async function readRecord({ archiveKey }: JobRow | ParkedRow, { archive }: GetFailureTools) {
  const json = archiveKey === undefined ? undefined : await archive.get(archiveKey);
  return json === undefined ? undefined : (JSON.parse(json) as ArchiveRecord);
}

/** A consumer's log entries may come a little later than the writes of the row, and the clocks differ. */
const MARGIN_MS = 60_000;

/** The log entries about the job: those of its consumer, and of the reader of its service's dead-letter queues. */
function logsOf(
  failed: JobRow | ParkedRow,
  row: JobRow | undefined,
  { owners, stage, region }: GetFailureTools,
): string {
  const { type, jobId } = failed;
  const failedAt = Date.parse(failureOf(failed).failedAt);
  const functions = [type, 'tick-dead-letters'].map((name) => `/aws/lambda/${owners[type]}-${stage}-${name}`);
  const text = JSON.stringify(jobId);
  return logLink({
    region,
    groups: functions,
    query: `fields @timestamp, level, message, attempt, @message\n| filter jobId = ${text} or messageId = ${text}\n| sort @timestamp asc`,
    from: new Date((row ? Date.parse(row.acceptedAt) : failedAt) - MARGIN_MS),
    to: new Date(Math.max(failedAt, Date.parse(row?.history.at(-1)?.at ?? '') || 0) + MARGIN_MS),
  });
}
