import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Execution } from '../../runtime/workflow/execution-end.ts';
import type { FunctionRun } from './function-run.ts';

/** An execution of a Standard workflow that asks a person and returns the number of its attempt. */
export interface ModelExecution extends Execution {
  name: string;
  input: string;
  /** What its state that waits for a decision waits with. */
  token?: string;
  /** What that state was answered. */
  answered?: { output: string } | { error: string; cause: string };
}

type Call = { constructor: { name: string }; input: Record<string, string> };

const refusal = (name: string) => Object.assign(new Error(name), { name });

/** Step Functions, in memory. */
export function modelExecutions() {
  const executions = new Map<string, ModelExecution>();
  const nameIn = ({ executionArn = '' }: Call['input']) => executionArn.slice(executionArn.lastIndexOf(':') + 1);
  const existing = (input: Call['input']) => {
    const execution = executions.get(nameIn(input));
    if (!execution) throw refusal('ExecutionDoesNotExist');
    return execution;
  };
  const tell = (input: Call['input'], answered: NonNullable<ModelExecution['answered']>) => {
    const waiting = [...executions.values()].find(
      ({ token, status, answered: before }) => token === input.taskToken && status === 'RUNNING' && !before,
    );
    if (!waiting) throw refusal('TaskDoesNotExist');
    waiting.answered = answered;
    return {};
  };
  const commands: Record<string, (input: Call['input']) => object> = {
    StartExecutionCommand: ({ name = '', input = '' }) => {
      if (executions.has(name)) throw refusal('ExecutionAlreadyExists');
      executions.set(name, { name, input, status: 'RUNNING' });
      return {};
    },
    DescribeExecutionCommand: (input) => ({ ...existing(input) }),
    StopExecutionCommand: (input) => {
      const execution = existing(input);
      if (execution.status === 'RUNNING') Object.assign(execution, { status: 'ABORTED', error: input.error });
      return {};
    },
    SendTaskSuccessCommand: (input) => tell(input, { output: input.output ?? '' }),
    SendTaskFailureCommand: (input) => tell(input, { error: input.error ?? '', cause: input.cause ?? '' }),
  };
  const clientOf = ({ call }: FunctionRun) =>
    ({
      send: (command: Call) => call(() => commands[command.constructor.name]?.(command.input)),
    }) as unknown as Pick<SFNClient, 'send'>;
  return { executions, clientOf };
}
