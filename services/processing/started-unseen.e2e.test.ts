import { randomUUID } from 'node:crypto';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  dynamo,
  eventually,
  getJob,
  one,
  output,
  request,
  stage,
  submit,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import { readSubmission } from '@spillway/shared/attempt/parse.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { workflowName } from '@spillway/shared/contracts/lane.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { starting } from '@spillway/shared/runtime/workflow/durable.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { sampleMessage } from '@spillway/shared/testing/workbench.ts';

const TYPE = documentApproval.name;
const JOBS = output('processing', 'JobsTableName');
const { title, text, approvers } = documentApproval.example.input;
const input = { title, text, approvers, decideWithinSeconds: 600 };
/** Shorter than a real one, so that the test need not wait. */
const LEASE_MS = 1000;

/** A consumer that is killed between the start of a job's workflow and the write that hands the job over. */
async function startAndDie(id: string): Promise<void> {
  const now = new Date();
  const message = sampleMessage();
  const attributes = { ...message.attributes, tenant: one.clientId, jobId: id, acceptedAt: String(now.getTime()) };
  const submission = readSubmission({ ...message, attributes, body: JSON.stringify(input) }, TYPE);
  if (typeof submission === 'string') throw new Error(submission);
  const claim = await jobWrites(dynamo, JOBS).claim(submission, {
    now,
    leaseUntil: new Date(now.getTime() + LEASE_MS),
    maxAttempts: documentApproval.maxAttempts,
    evenIfVanished: false,
    evenIfNew: true,
    resumes: true,
  });
  expect(claim).toMatchObject({ kind: 'claimed', attempt: 1 });
  const machine = `arn:aws:states:${process.env.AWS_REGION}:000000000000:stateMachine:${workflowName(documentApproval, stage.name)}`;
  const { type, tenant, acceptedAt, traceId } = submission;
  await starting(new SFNClient({}), machine)(input, sampleJob({ type, id, tenant, acceptedAt, traceId }));
}

const rowOf = (id: string) => jobReads(dynamo, JOBS).get({ tenant: one.clientId, type: TYPE, id });
const waiting = (id: string) =>
  eventually(`${id} waits`, async () => (await getJob(TYPE, id)).body.status === 'WAITING');
const approve = (id: string) =>
  request(`/jobs/${TYPE}/${id}/decision`, { method: 'POST', body: JSON.stringify({ decision: 'approve' }) });
const STATUSES = ['QUEUED', 'RUNNING', 'WAITING', 'RUNNING', 'SUCCEEDED'];
const statusesOf = async (id: string) => (await getJob(TYPE, id)).body.history.map(({ status }) => status);

describe('a job whose consumer was killed between the start of its workflow and the hand-over', () => {
  it('is handed over when its message comes again, and settles once, by the workflow that was started first', async () => {
    const id = `killed-${randomUUID()}`;
    await startAndDie(id);
    await waiting(id);
    expect(await rowOf(id)).toHaveProperty('leaseUntil');
    expect((await submit(TYPE, input, id)).status).toBe(202);
    await eventually('the hand-over', async () => (await rowOf(id))?.dueKind === 'look');
    expect(await rowOf(id)).not.toHaveProperty('leaseUntil');
    expect((await approve(id)).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(await statusesOf(id)).toEqual(STATUSES);
  });

  it('is settled by its workflow if that ends before its message comes again, which then changes nothing', async () => {
    const id = `killed-${randomUUID()}`;
    await startAndDie(id);
    await waiting(id);
    expect((await approve(id)).status).toBe(202);
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    const settled = await rowOf(id);
    // another body is counted, which shows that the first message was handled before
    for (const each of [input, { ...input, title: 'Another title' }]) await submit(TYPE, each, id);
    await eventually('the second message', async () => (await getJob(TYPE, id)).body.conflicts?.count === 1);
    expect(await statusesOf(id)).toEqual(STATUSES);
    expect(await rowOf(id)).toMatchObject({ attempt: 1, result: settled?.result, settledAt: settled?.settledAt });
  });
});
