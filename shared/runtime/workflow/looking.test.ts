import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Untold } from '../../attempt/claim.ts';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { identityOf, sampleMessage, sampleType, submissionIn, workbench } from '../../testing/workbench.ts';
import { s3Archive } from '../lane/archive.ts';
import { looking } from './durable.ts';
import { executionError, WorkflowError } from './step-errors.ts';
import { executionName } from './workflow.ts';

const jobType = sampleType({ run: 'durable', maxAttempts: 1, timeoutSeconds: 60 });
const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:spillway-dev-sample';
const job = { ...submissionIn(sampleMessage()), attempt: 1 };
const answer = {
  kind: 'decided',
  token: 'token-1',
  decision: { decision: 'approve', at: '2026-11-27T00:00:00.000Z' },
} as const;
const input = JSON.stringify({ input: {}, job: { ...job, acceptedAt: job.acceptedAt.toISOString() } });

/** A started job, and a look at it some time after its last change; Step Functions answers as the function says. */
async function look(
  respond: (command: string) => object,
  untold?: Untold,
  { cancel = untold?.kind === 'cancelled', afterSeconds = 900 } = {},
) {
  const bench = workbench(async ({ n }) => ({ n }), jobType);
  const bucket = memoryBucket();
  const archive = s3Archive({ name: 'sample', lane: { kind: 'standard' } }, bucket, bucket);
  await archive.keepStarted(sampleMessage(), job);
  const now = bench.tools.now();
  await bench.claimElsewhere();
  await bench.model.store.handOver(job, { at: now, now });
  if (cancel) await bench.model.cancel(identityOf(), now, false);
  const sent: { name: string; input: Record<string, unknown> }[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const { name } = command.constructor;
      sent.push({ name, input: command.input });
      return respond(name);
    },
  } as unknown as Pick<SFNClient, 'send'>;
  const tools = { ...bench.tools, jobType, archive, payloads: bucket };
  const changedAt = new Date(now.getTime() - afterSeconds * 1000);
  const error = await looking(
    client,
    MACHINE,
    tools,
  )(job, { untold, changedAt }).catch((thrown) => {
    if (!(thrown instanceof WorkflowError)) throw thrown;
    return thrown.code;
  });
  return { sent, error, outcomes: bench.model.jobOf(identityOf())?.outcomes };
}

const described = (execution: object) => () => ({ name: executionName(job), input, ...execution });
const refusing = (name: string) => () => {
  throw Object.assign(new Error('refused'), { name });
};

describe('a look at a job that goes on without its consumer', () => {
  it('asks for the execution of its attempt', async () => {
    const { sent } = await look(described({ status: 'RUNNING' }));
    const executionArn = `${MACHINE.replace(':stateMachine:', ':execution:')}:${executionName(job)}`;
    expect(sent).toEqual([{ name: 'DescribeExecutionCommand', input: { executionArn } }]);
  });

  it('settles it when its execution has ended and the event was lost', async () => {
    const { outcomes } = await look(described({ status: 'SUCCEEDED', output: '{"n":7}' }));
    expect(outcomes).toMatchObject([{ outcome: 'SUCCEEDED', result: { json: '{"n":7}' } }]);
  });

  it('changes nothing while its execution runs', async () => {
    expect((await look(described({ status: 'RUNNING' }))).outcomes).toEqual([]);
  });

  it('sends its workflow the decision that was recorded, in case it missed it', async () => {
    const { sent } = await look(described({ status: 'RUNNING' }), answer);
    expect(sent.at(-1)).toEqual({
      name: 'SendTaskSuccessCommand',
      input: { taskToken: 'token-1', output: JSON.stringify(answer.decision) },
    });
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'does no harm when its workflow knew before, and the token is over (%s)',
    async (name) => {
      const respond = (command: string) =>
        command === 'SendTaskSuccessCommand' ? refusing(name)() : described({ status: 'RUNNING' })();
      expect((await look(respond, answer)).outcomes).toEqual([]);
    },
  );

  it('fails it when its execution no longer exists, so that it is not in between for ever', async () => {
    const { outcomes } = await look(refusing('ExecutionDoesNotExist'));
    expect(outcomes).toMatchObject([{ outcome: 'FAILED', error: { code: 'WORKFLOW_GONE' } }]);
  });

  it('stops its execution if it is to be cancelled, and the end of that settles it', async () => {
    const { sent, outcomes } = await look(described({ status: 'RUNNING' }), { kind: 'cancelled', token: undefined });
    expect(sent.at(-1)).toEqual({
      name: 'StopExecutionCommand',
      input: {
        executionArn: `${MACHINE.replace(':stateMachine:', ':execution:')}:${executionName(job)}`,
        error: 'JOB_CANCELLED',
        cause: 'the job was cancelled',
      },
    });
    expect(outcomes).toEqual([]);
  });

  it('lets the state that waits fail for good if the job is to be cancelled, so that its workflow undoes its steps', async () => {
    const { sent } = await look(described({ status: 'RUNNING' }), { kind: 'cancelled', token: 'token-1' });
    const { name, input: failure } = sent.at(-1) ?? {};
    expect([name, failure]).toEqual([
      'SendTaskFailureCommand',
      { taskToken: 'token-1', error: 'PermanentJobError', cause: expect.any(String) },
    ]);
    // a workflow that passes it on fails as if a step had thrown it
    expect(executionError({ status: 'FAILED', ...failure })).toMatchObject({
      name: 'PermanentJobError',
      code: 'JOB_CANCELLED',
      message: 'the job was cancelled',
    });
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'leaves a workflow to itself that waits with a newer token, because it ends when it asks (%s)',
    async (name) => {
      const respond = (command: string) =>
        command === 'SendTaskFailureCommand' ? refusing(name)() : described({ status: 'RUNNING' })();
      expect((await look(respond, { kind: 'cancelled', token: 'token-1' })).outcomes).toEqual([]);
    },
  );

  it.each(['ABORTED', 'FAILED', 'TIMED_OUT'])(
    'cancels it when its execution is %s and that was asked for',
    async (status) => {
      const { outcomes } = await look(described({ status }), { kind: 'cancelled', token: undefined });
      expect(outcomes).toMatchObject([{ outcome: 'CANCELLED' }]);
    },
  );

  it('cancels it when that was asked for and its execution does not exist, which was perhaps never started', async () => {
    const { outcomes } = await look(refusing('ExecutionDoesNotExist'), { kind: 'cancelled', token: undefined });
    expect(outcomes).toMatchObject([{ outcome: 'CANCELLED' }]);
  });

  it('leaves it as it is when its execution is not found just after the start: Step Functions may not find a new one yet', async () => {
    const { error, outcomes } = await look(refusing('ExecutionDoesNotExist'), undefined, { afterSeconds: 29 });
    expect([error, outcomes]).toEqual([undefined, []]);
  });

  it('is tried again instead of cancelled when its new execution is not found yet', async () => {
    const cancelled = { kind: 'cancelled', token: undefined } as const;
    const { error, outcomes } = await look(refusing('ExecutionDoesNotExist'), cancelled, { afterSeconds: 29 });
    expect([error, outcomes]).toEqual(['WORKFLOW_NOT_FOUND_YET', []]);
  });

  it('is tried again when its execution could not be stopped', async () => {
    const respond = (command: string) =>
      command === 'StopExecutionCommand' ? refusing('ThrottlingException')() : described({ status: 'RUNNING' })();
    await expect(look(respond, { kind: 'cancelled', token: undefined })).rejects.toThrow('refused');
  });

  it('leaves it as it is, and is tried again, when Step Functions cannot be reached', async () => {
    await expect(look(refusing('ThrottlingException'))).rejects.toThrow('refused');
  });
});
