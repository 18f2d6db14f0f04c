import * as z from 'zod/mini';
import type { MadeDecision } from '../../attempt/claim.ts';
import { JobExpiredError, PermanentJobError } from '../../attempt/errors.ts';
import type { Asking, RunStep } from '../../attempt/job-code.ts';
import type { Fence } from '../../attempt/submission.ts';
import { secondsAfter } from '../../contracts/times.ts';
import { jobWaits } from '../../job-store/waits.ts';
import { standardWorkflows } from '../aws.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { objects } from '../objects.ts';
import { goOn } from './go-on.ts';
import { stepPayloads } from './pointers.ts';
import { step } from './step.ts';
import { stepFailure } from './step-errors.ts';
import type { WorkflowInput } from './workflow.ts';

/** The input of a state that waits: that of a step, with the token of the task. */
interface WaitingInput<Input> extends WorkflowInput<Input> {
  token: string;
  /** Whether this reminds the people who were asked before. */
  reminds?: boolean;
}

/**
 * The handler of a step that asks for a person's decision, in a state with `lambda:invoke.waitForTaskToken`. The job is
 * `WAITING`, and says what for. The state's result is the decision; if nobody decided in its `TimeoutSeconds`, it fails
 * with `States.Timeout`. Invoked with `reminds`, it reminds the people who are asked by an event, and waits on.
 *
 * @param name the name of the question, unique in its workflow
 */
export function asking<Input>(name: string, describe: (input: Input) => Asking) {
  const { JOBS_TABLE, PAYLOAD_BUCKET } = environment({ JOBS_TABLE: z.string(), PAYLOAD_BUCKET: z.string() });
  const bucket = objects(PAYLOAD_BUCKET);
  const tell = goOn(standardWorkflows());
  const waits = jobWaits(dynamo(), JOBS_TABLE);

  return async ({ input, job, token, reminds = false }: WaitingInput<Input>): Promise<void> => {
    try {
      const now = new Date();
      const restored = (await stepPayloads(bucket, job).restore(input)) as Input;
      const { withinSeconds, ...question } = describe(restored);
      const until = secondsAfter(now, withinSeconds);
      const asked = await waits.ask(job, { ...question, name, until }, { token, reminds, now });
      if (asked === 'over') throw overtaken(job);
      // somebody decided after the token of the question before had expired
      if (asked === 'decided') await tell(token, await decisionOf(job));
    } catch (thrown) {
      throw stepFailure(thrown);
    }
  };

  async function decisionOf(job: Fence): Promise<MadeDecision> {
    const decision = await waits.close(job, name);
    if (typeof decision === 'string') throw overtaken(job);
    return decision;
  }
}

/**
 * The handler of a step that ends the time for a decision. It returns the decision if there is one after all, since one that
 * was accepted at the last moment counts.
 *
 * @throws JobExpiredError NOT_DECIDED into the workflow, which ends the job as EXPIRED
 */
export function endingQuestion(name: string) {
  const { JOBS_TABLE } = environment({ JOBS_TABLE: z.string() });
  const waits = jobWaits(dynamo(), JOBS_TABLE);
  const run: RunStep<unknown, MadeDecision> = async (_, job) => {
    const decision = await waits.close(job, name);
    if (decision === 'over') throw overtaken(job);
    if (decision === 'none') throw new JobExpiredError('NOT_DECIDED', 'nobody decided in time');
    return decision;
  };
  return step(run);
}

const overtaken = ({ attempt }: Fence) =>
  new PermanentJobError(
    'JOB_OVER',
    `attempt ${attempt} of the job was settled, is to be cancelled, or is no longer the newest`,
  );
