import { JobExpiredError, PermanentJobError } from '../../attempt/errors.ts';
import { jobWaits } from '../../job-store/waits.ts';
import { jobOf } from '../../runtime/workflow/execution-end.ts';
import { stepFailure } from '../../runtime/workflow/step-errors.ts';
import type { ModelExecution } from './executions.ts';
import type { Fate } from './function-run.ts';
import type { ModelFunctions, SampleType } from './functions.ts';
import { type ModelStage, TABLE } from './stage.ts';

const QUESTION = 'question';
const HOUR_MS = 3_600_000;

const OVER = new PermanentJobError('JOB_OVER', 'the job is over');
const NOT_DECIDED = new JobExpiredError('NOT_DECIDED', 'nobody decided in time');

/** What a workflow does that asks a person, and returns the number of its attempt. */
export function modelWorkflow(stage: ModelStage, jobType: SampleType, functions: ModelFunctions) {
  const attemptOf = (execution: ModelExecution) => jobOf(execution, jobType.name);
  const succeed = (execution: ModelExecution) => {
    Object.assign(execution, { status: 'SUCCEEDED', output: JSON.stringify({ n: attemptOf(execution).attempt }) });
  };
  const fail = (execution: ModelExecution, thrown: Error) => {
    const { name, message } = stepFailure(thrown);
    const cause = JSON.stringify({ errorType: name, errorMessage: message });
    Object.assign(execution, { status: 'FAILED', error: name, cause });
  };

  async function ask(fate: Fate, execution: ModelExecution): Promise<void> {
    const token = `token-of-${execution.name}`;
    await functions.calling(fate, async ({ dynamo }) => {
      const now = stage.now();
      const question = { name: QUESTION, question: '?', until: new Date(now.getTime() + HOUR_MS) };
      const asked = await jobWaits(dynamo, TABLE).ask(attemptOf(execution), question, { token, reminds: false, now });
      if (asked === 'waiting') execution.token = token;
      else if (asked === 'decided') succeed(execution);
      else fail(execution, OVER);
    });
  }

  async function endQuestion(fate: Fate, execution: ModelExecution): Promise<void> {
    await functions.calling(fate, async ({ dynamo }) => {
      const decision = await jobWaits(dynamo, TABLE).close(attemptOf(execution), QUESTION);
      if (decision === 'over') fail(execution, OVER);
      else if (decision === 'none') fail(execution, NOT_DECIDED);
      else succeed(execution);
    });
  }

  /** Goes on by one state, unless the workflow waits. A state whose function crashes is tried again. */
  async function goOn(fate: Fate, execution: ModelExecution, timeIsUp: boolean): Promise<void> {
    if (execution.status !== 'RUNNING') return;
    const { token, answered } = execution;
    if (answered && 'error' in answered) Object.assign(execution, { status: 'FAILED', ...answered });
    else if (answered) succeed(execution);
    else if (token === undefined) await ask(fate, execution);
    else if (timeIsUp) await endQuestion(fate, execution);
  }

  return { goOn };
}
