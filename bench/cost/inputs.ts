import { inputOf } from '@spillway/demo/burst/inputs.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';

/** With the column rules, this makes a body of 1 KB: the size for which the targets are set. */
const CSV_ROWS = 36;

/** Every tenth document of the demo burst expires; these numbers leave out the tenths. */
const decidedInTime = (n: number) => n * 10 + 1;

/** The n-th input of a run: that of the demo burst, but a longer file for `csv-import`, and only documents that are decided. */
export function costInputOf(jobType: JobType, n: number, sinkUrl: string): unknown {
  const input = inputOf(jobType, jobType.name === documentApproval.name ? decidedInTime(n) : n, sinkUrl);
  if (jobType.name !== csvImport.name) return input;
  const rows = Array.from({ length: CSV_ROWS }, (_, row) => `S-${n % 1000}-${row},${row},2026-03-01\n`);
  return { ...(input as object), csv: ['sku,quantity,restocked\n', ...rows].join('') };
}
