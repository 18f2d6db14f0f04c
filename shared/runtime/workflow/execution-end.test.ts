import { memoryBucket } from '../../testing/memory-bucket.ts';
import { identityOf, sampleMessage, sampleType, workbench } from '../../testing/workbench.ts';
import { s3Archive } from '../lane/archive.ts';
import { type Execution, ForeignExecutionError, jobOf, settleEnded } from './execution-end.ts';
import { stepPayloads } from './pointers.ts';
import { executionName } from './workflow.ts';

const jobType = sampleType({ run: 'durable', maxAttempts: 1, timeoutSeconds: 60 });
const fence = { ...identityOf(), attempt: 1, acceptedAt: new Date('2026-11-27T00:00:00.000Z') };
const input = JSON.stringify({
  input: { key: 'k', n: 1 },
  job: { ...fence, traceId: 'a'.repeat(32) },
});
const execution = (changes: Partial<Execution>): Execution => ({ name: executionName(fence), input, ...changes });
const failedWith = (errorType: string, code: string) => ({
  status: 'FAILED',
  error: errorType,
  cause: JSON.stringify({
    step: 'publish',
    cause: JSON.stringify({ errorType, errorMessage: JSON.stringify({ code, message: 'no' }) }),
  }),
});

/** A job whose workflow was started, and what settles it. */
async function started() {
  const bench = workbench(async ({ n }) => ({ n }), jobType);
  const bucket = memoryBucket();
  const { objects } = bucket;
  const archive = s3Archive({ name: 'sample', lane: { kind: 'standard' } }, bucket, bucket);
  const message = sampleMessage();
  await archive.keepStarted(message, fence);
  await bench.claimElsewhere(message);
  await bench.model.store.handOver(fence, { at: bench.tools.now(), now: bench.tools.now() });
  const tools = { ...bench.tools, jobType, archive, payloads: bucket };
  return {
    objects,
    payloads: stepPayloads(bucket, fence),
    settle: (changes: Partial<Execution>) => settleEnded(execution(changes), tools),
    outcomes: () => bench.model.jobOf(identityOf())?.outcomes,
  };
}

describe('the end of an execution', () => {
  it('settles its job with the result of the workflow', async () => {
    const { settle, outcomes } = await started();
    await settle({ status: 'SUCCEEDED', output: '{"n":7}' });
    expect(outcomes()).toMatchObject([{ outcome: 'SUCCEEDED', result: { json: '{"n":7}' } }]);
  });

  it('settles its job once, however often and in whatever order its ends arrive', async () => {
    const { settle, outcomes } = await started();
    for (const status of ['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'ABORTED', 'TIMED_OUT']) {
      await settle({ status, output: '{"n":7}' });
    }
    expect(outcomes()).toHaveLength(1);
  });

  it('resolves what is too long in the result', async () => {
    const { settle, outcomes, payloads } = await started();
    const output = JSON.stringify(await payloads.shorten({ n: 7, padding: 'x'.repeat(100_000) }));
    expect(output.length).toBeLessThan(1000);
    await settle({ status: 'SUCCEEDED', output });
    // the padding is there, and the contract does not know it
    expect(outcomes()).toMatchObject([{ outcome: 'FAILED', error: { message: expect.stringContaining('padding') } }]);
  });

  it.each<[string, Partial<Execution>, object]>([
    ['whose result does not fit its contract', { status: 'SUCCEEDED', output: '{}' }, { code: 'RESULT_REFUSED' }],
    ['whose step failed for good', failedWith('PermanentJobError', 'HELD'), { code: 'HELD', step: 'publish' }],
    ['whose step failed too often', failedWith('DOWN', 'DOWN'), { code: 'DOWN', step: 'publish' }],
    ['that took too long', { status: 'TIMED_OUT' }, { code: 'WORKFLOW_TIMED_OUT' }],
    ['that somebody stopped', { status: 'ABORTED' }, { code: 'WORKFLOW_ABORTED' }],
  ])('fails and archives the job of an execution %s', async (_, changes, error) => {
    const { settle, outcomes, objects } = await started();
    await settle(changes);
    expect(outcomes()).toMatchObject([{ outcome: 'FAILED', error }]);
    const record = objects.get('failed/tenant-1/sample/job-1/message-of-job-1.json') ?? '';
    expect(JSON.parse(record)).toMatchObject({ kind: 'failed', message: { body: sampleMessage().body }, error });
  });

  it('expires the job of a workflow in which nobody decided in time', async () => {
    const { settle, outcomes } = await started();
    await settle(failedWith('JobExpiredError', 'NOT_DECIDED'));
    expect(outcomes()).toMatchObject([{ outcome: 'EXPIRED', error: { code: 'NOT_DECIDED' } }]);
  });

  it.each<[string, Partial<Execution>]>([
    ['has no input', { input: undefined }],
    ['has the input of something else', { input: '{"job":{"id":"job-1"}}' }],
    ['was not named by us', { name: 'started-by-hand' }],
    ['was named after another job', { name: executionName({ ...fence, id: 'job-2' }) }],
    ['was named after an older job with its id', { name: executionName({ ...fence, acceptedAt: new Date(0) }) }],
    ['was named after another attempt', { name: executionName({ ...fence, attempt: 2 }) }],
  ])('is refused when its execution %s', (_, changes) => {
    expect(() => jobOf(execution(changes), 'sample')).toThrow(ForeignExecutionError);
  });
});
