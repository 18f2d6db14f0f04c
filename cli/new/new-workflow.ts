import { goesOnAlone, type RunKindName } from '@spillway/shared/contracts/run-kinds.ts';
import type { Files } from './new-files.ts';

/** The files of a job type whose jobs are run by a workflow with one step, `count`. */
export const workflowFiles = (folder: string, { name, run, text }: NewWorkflow): Files => ({
  [`${folder}/handler.ts`]: goesOnAlone({ run }) ? durableHandler(name) : expressHandler(name),
  [`${folder}/workflow.yml`]: WORKFLOW,
  [`${folder}/steps/count/handler.ts`]: `import { step } from '@spillway/shared/runtime/workflow/step.ts';
import { count } from './count.ts';

export const handler = step(count);
`,
  [`${folder}/steps/count/function.yml`]: FUNCTION,
  [`${folder}/steps/count/count.ts`]: `import type { RunStepOf } from '@spillway/shared/attempt/job-code.ts';
import type { ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type contract from '@spillway/shared/contracts/jobs/${name}.ts';

/** A step can run more than once: pass job.idempotencyKey(step) to whatever must happen only once. */
export const count: RunStepOf<typeof contract, ResultOf<typeof contract>> = async ({ ${text} }) => ({ characters: ${text}.length });
`,
  [`${folder}/steps/count/count.test.ts`]: `import contract from '@spillway/shared/contracts/jobs/${name}.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { count } from './count.ts';

it('the step count of ${name} turns the example input of its contract into the example result', async () => {
  const { input, result } = contract.example;
  expect(await count(input, sampleJob())).toEqual(result);
});
`,
});

interface NewWorkflow {
  /** The job type's name. */
  name: string;
  run: RunKindName;
  /** The field of the input whose characters are counted. */
  text: string;
}

const expressHandler = (name: string) => `import contract from '@spillway/shared/contracts/jobs/${name}.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { workflow } from '@spillway/shared/runtime/workflow/workflow.ts';

export const handler = consumer(contract, workflow(contract));
`;

const durableHandler = (name: string) => `import contract from '@spillway/shared/contracts/jobs/${name}.ts';
import { durable } from '@spillway/shared/runtime/workflow/durable.ts';

export const handler = durable(contract);
`;

/** Braces and percent signs enclose JSONata. */
const WORKFLOW = `# Amazon States Language (https://states-language.net). FunctionName is the name of a step's folder; a job's error names the step.
QueryLanguage: JSONata
StartAt: count
States:
  count:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Arguments:
      FunctionName: count
      # the client's input and the job; every step gets the same payload
      Payload: "{% $states.context.Execution.Input %}"
    # one more than the function's own timeout, so that the function has ended before it is tried again
    TimeoutSeconds: 11
    Retry:
      # errors that a retry cannot fix, or that need a longer wait than a workflow may take
      - ErrorEquals: [PermanentJobError, RetryLaterError]
        MaxAttempts: 0
      - ErrorEquals: [States.ALL]
        IntervalSeconds: 1
        BackoffRate: 2
        MaxAttempts: 2
        JitterStrategy: FULL
    Output: "{% $states.result.Payload %}"
    Catch:
      - ErrorEquals: [States.ALL]
        Assign:
          failed: "{% $merge([$states.errorOutput, {'step': $states.context.State.Name}]) %}"
        Next: failed
    End: true

  failed:
    Type: Fail
    Error: "{% $failed.Error %}"
    Cause: "{% $string({'step': $failed.step, 'cause': $failed.Cause}) %}"
`;

const FUNCTION = `# seconds; one less than the workflow waits for the step
timeout: 10
`;
