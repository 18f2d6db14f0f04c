import * as z from 'zod/mini';
import { idempotencyKey } from '../../attempt/digests.ts';
import type { RunStep } from '../../attempt/job-code.ts';
import { environment } from '../environment.ts';
import { jobLogger } from '../logging.ts';
import { objects } from '../objects.ts';
import { stepPayloads } from './pointers.ts';
import { stepFailure } from './step-errors.ts';
import type { WorkflowInput } from './workflow.ts';

/**
 * The handler of a workflow's step, which its `handler.ts` exports. It is invoked with the workflow's own input, or with
 * another one that the workflow makes. What is too long for a state travels through the payload bucket.
 *
 * @throws EnvironmentError while loading, if PAYLOAD_BUCKET is missing
 */
export function step<Input, Output>(run: RunStep<Input, Output>) {
  const { PAYLOAD_BUCKET } = environment({ PAYLOAD_BUCKET: z.string() });
  const bucket = objects(PAYLOAD_BUCKET);

  return async ({ input, job }: WorkflowInput<Input>): Promise<unknown> => {
    const submission = { ...job, acceptedAt: new Date(job.acceptedAt) };
    const payloads = stepPayloads(bucket, job);
    try {
      const output = await run((await payloads.restore(input)) as Input, {
        ...submission,
        idempotencyKey: (name) => idempotencyKey(submission, name),
        logger: jobLogger(job),
      });
      return await payloads.shorten(output);
    } catch (thrown) {
      throw stepFailure(thrown);
    }
  };
}
