import { idempotencyKey } from '../../attempt/digests.ts';
import type { RunStep } from '../../attempt/job-code.ts';
import { jobLogger } from '../logging.ts';
import { stepFailure } from './step-errors.ts';
import type { WorkflowInput } from './workflow.ts';

/** The handler of a workflow's step, which its `handler.ts` exports. It is invoked with the workflow's own input. */
export function step<Input, Output>(run: RunStep<Input, Output>) {
  return async ({ input, job }: WorkflowInput<Input>): Promise<Output> => {
    const submission = { ...job, acceptedAt: new Date(job.acceptedAt) };
    try {
      return await run(input, {
        ...submission,
        idempotencyKey: (name) => idempotencyKey(submission, name),
        logger: jobLogger(job),
      });
    } catch (thrown) {
      throw stepFailure(thrown);
    }
  };
}
