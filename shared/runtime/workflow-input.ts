import { PermanentJobError } from '../attempt/errors.ts';
import type { Job } from '../attempt/job.ts';
import { WORKFLOW_INPUT_BYTES } from '../contracts/lane.ts';

/** What a workflow is started with, and what its steps get: the client's input, and whose it is. */
export interface WorkflowInput<Input> {
  input: Input;
  job: { type: string; id: string; tenant: string; attempt: number; acceptedAt: string; traceId: string };
}

/**
 * The input of a job's workflow, as JSON. The lane takes no message that would not fit, but an input can grow while it is
 * parsed: 1e20 is a number of 21 digits in JSON, and a schema can add defaults.
 *
 * @throws PermanentJobError if it is larger than Step Functions takes
 */
export function workflowInput<Input>(type: string, input: Input, job: Job): string {
  const { id, tenant, attempt, traceId } = job;
  const whole: WorkflowInput<Input> = {
    input,
    job: { type, id, tenant, attempt, acceptedAt: job.acceptedAt.toISOString(), traceId },
  };
  const json = JSON.stringify(whole);
  const bytes = Buffer.byteLength(json);
  if (bytes <= WORKFLOW_INPUT_BYTES) return json;
  throw new PermanentJobError(
    'WORKFLOW_INPUT_TOO_LARGE',
    `the input is ${bytes} bytes as JSON, and a workflow takes ${WORKFLOW_INPUT_BYTES}: submit a smaller one`,
  );
}
