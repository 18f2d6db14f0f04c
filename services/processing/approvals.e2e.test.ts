import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { adminRequest } from '@spillway/e2e/administrator.ts';
import {
  archive,
  dynamo,
  eventually,
  frontDoorOf,
  getJob,
  one,
  other,
  output,
  request,
  sqs,
  stage,
  submit,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { jobWaits } from '@spillway/shared/job-store/waits.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { executionName } from '@spillway/shared/runtime/workflow/workflow.ts';

const TYPE = documentApproval.name;
const table = output('processing', 'DocumentsTableName');
const { title, text, approvers } = documentApproval.example.input;
/** Long enough for every test that decides. */
const LONG_SECONDS = 600;
const EXPIRES_SECONDS = 10;

const jobOf = (id: string) => ({ tenant: one.clientId, type: TYPE, id });
const keyOf = (id: string) => ({ pk: `document#${one.clientId}#${id}` });
const documentOf = async (id: string) => (await dynamo.send(new GetCommand({ TableName: table, Key: keyOf(id) }))).Item;

/** Makes a document one that cannot be published. */
const hold = (id: string) =>
  dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: keyOf(id),
      UpdateExpression: 'SET held = :yes',
      ExpressionAttributeValues: { ':yes': true },
    }),
  );

async function submitDocument(changes: object = {}): Promise<string> {
  const id = `document-${randomUUID()}`;
  const input = { title, text, approvers, decideWithinSeconds: LONG_SECONDS, ...changes };
  expect((await submit(TYPE, input, id)).status).toBe(202);
  return id;
}

const waiting = (id: string) =>
  eventually(`${id} waits`, async () => {
    const { body } = await getJob(TYPE, id);
    return body.status === 'WAITING' && body;
  });

const cancel = (id: string) => frontDoorOf(one).cancel(TYPE, id);

const decide = (id: string, decision: string, comment?: string, as = one) =>
  request(`/jobs/${TYPE}/${id}/decision`, { method: 'POST', body: JSON.stringify({ decision, comment }), as });

describe('an approval', () => {
  it('waits for a decision, says what for, and publishes the document when it is approved', async () => {
    const id = await submitDocument();
    const { waitingFor, attempts } = await waiting(id);
    expect(attempts).toBe(1);
    expect(waitingFor).toMatchObject({ for: 'decision', question: `Publish "${title}"?`, asked: approvers });
    const { since = '', until = '' } = waitingFor ?? {};
    expect(Date.parse(until) - Date.parse(since)).toBe(LONG_SECONDS * 1000);
    expect(await documentOf(id)).toMatchObject({ state: 'DRAFT', title });

    const { status, body } = await decide(id, 'approve', 'Good to go.');
    expect({ status, body }).toEqual({
      status: 202,
      body: { jobId: id, decision: 'approve', links: { self: expect.stringContaining(`/jobs/${TYPE}/${id}`) } },
    });
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 1,
      result: { approved: true, comment: 'Good to go.', decidedAt: expect.any(String) },
    });
    expect(job).not.toHaveProperty('waitingFor');
    expect(job.history.map((entry) => [entry.status, entry.attempt])).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 1],
      ['WAITING', 1],
      ['RUNNING', 1],
      ['SUCCEEDED', 1],
    ]);
    const { state, page } = (await documentOf(id)) ?? {};
    expect(state).toBe('PUBLISHED');
    expect(inflateRawSync(page).toString()).toContain(`<h1>${title}</h1>`);
  });

  it('withdraws the document when it is rejected, and succeeds with that result', async () => {
    const id = await submitDocument();
    await waiting(id);
    expect((await decide(id, 'reject')).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { approved: false } });
    expect(await documentOf(id)).toMatchObject({ state: 'WITHDRAWN' });
  });

  it('counts only the first decision: a second one is a 409, even at the same moment, and after the outcome', async () => {
    const id = await submitDocument();
    await waiting(id);
    const answers = await Promise.all([decide(id, 'approve'), decide(id, 'reject')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const approved = answers[0]?.status === 202;
    const refused = answers.find(({ status }) => status === 409);
    const recorded = { decision: approved ? 'approve' : 'reject', at: expect.any(String) };
    expect(refused?.body).toMatchObject({ detail: expect.stringContaining('already decided'), recorded });
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { approved } });
    const late = await decide(id, approved ? 'reject' : 'approve');
    expect(late).toMatchObject({ status: 409, body: { recorded } });
    expect(late.body).not.toHaveProperty('repeated');
  });

  it('says of a decision that is sent again that it was recorded before, with its time, also after the outcome', async () => {
    const id = await submitDocument();
    await waiting(id);
    const send = (comment?: string) => decide(id, 'approve', comment);
    expect((await send('Good to go.')).status).toBe(202);
    const again = await send('Good to go.');
    expect(again.status).toBe(409);
    const recorded = { decision: 'approve', comment: 'Good to go.' };
    const { result, history } = await waitForOutcome(TYPE, id);
    const { decidedAt } = result as { decidedAt: string };
    for (const { body } of [again, await send('Good to go.')]) {
      expect(body).toMatchObject({ repeated: true, recorded: { ...recorded, at: decidedAt } });
    }
    expect((await send()).body).not.toHaveProperty('repeated');
    // none of it changed the job
    expect((await getJob(TYPE, id)).body.history).toEqual(history);
  });

  it('asks again when it is replayed, and the decision of before counts only for what it was about', async () => {
    const id = await submitDocument();
    await waiting(id);
    await hold(id);
    await decide(id, 'approve');
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'FAILED' });
    expect((await decide(id, 'approve')).body).toMatchObject({ repeated: true });
    const { tenant, type } = jobOf(id);
    const replay = { jobs: [{ tenant, type, jobId: id }] };
    const headers = { 'content-type': 'application/json' };
    const asked = await adminRequest('/admin/replays', { method: 'POST', headers, body: JSON.stringify(replay) });
    expect(asked.status).toBe(202);
    expect(await waiting(id)).toMatchObject({ generation: 2, waitingFor: { for: 'decision' } });
    expect((await decide(id, 'reject')).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { approved: false } });
    expect((await decide(id, 'approve')).body).toMatchObject({ recorded: { decision: 'reject' } });
  });

  it('reminds the approvers halfway, expires when nobody decides in time, and then takes no decision', async () => {
    const id = await submitDocument({ decideWithinSeconds: EXPIRES_SECONDS });
    const { waitingFor } = await waiting(id);
    expect(waitingFor).not.toHaveProperty('remindedAt');
    await eventually('a reminder', async () => (await getJob(TYPE, id)).body.waitingFor?.remindedAt);
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'EXPIRED', error: { code: 'NOT_DECIDED', step: 'end-question' } });
    expect(job).not.toHaveProperty('waitingFor');
    expect(await documentOf(id)).toMatchObject({ state: 'WITHDRAWN' });
    const late = await decide(id, 'approve');
    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('it is EXPIRED') } });
    expect(late.body).not.toHaveProperty('recorded');
  });

  it('takes a decision after the reminder', async () => {
    const id = await submitDocument({ decideWithinSeconds: 20 });
    await eventually('a reminder', async () => (await getJob(TYPE, id)).body.waitingFor?.remindedAt);
    expect((await decide(id, 'approve')).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { approved: true } });
  });

  it('undoes what its steps did, fails and is archived with its message when the document cannot be published', async () => {
    const id = await submitDocument();
    await waiting(id);
    await hold(id);
    await decide(id, 'approve');
    expect(await waitForOutcome(TYPE, id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'NOT_PUBLISHABLE', step: 'publish' },
    });
    expect(await documentOf(id)).toMatchObject({ state: 'WITHDRAWN' });
    const [key = ''] = await archive.keys(`failed/${one.clientId}/${TYPE}/${id}/`);
    expect(JSON.parse((await archive.get(key)) ?? '')).toMatchObject({
      kind: 'failed',
      message: { body: expect.stringContaining(title), attributes: { tenant: one.clientId } },
    });
  });

  it('passes a page of more than 256 KiB from one step to another without the steps doing anything', async () => {
    // each of them becomes four bytes in the page
    const id = await submitDocument({ text: '<'.repeat(100_000) });
    await waiting(id);
    await decide(id, 'approve');
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED' });
    const { page } = (await documentOf(id)) ?? {};
    expect(inflateRawSync(page).length).toBeGreaterThan(256 * 1024);
  });
});

describe('a decision', () => {
  it('is a 404 for another tenant, whose job stays as it is, and for a job that does not exist', async () => {
    const id = await submitDocument();
    await waiting(id);
    expect((await decide(id, 'approve', undefined, other)).status).toBe(404);
    expect((await decide('no-such-document', 'approve')).status).toBe(404);
    expect((await getJob(TYPE, id)).body.status).toBe('WAITING');
    await decide(id, 'reject');
  });

  it.each([
    ['is neither approve nor reject', JSON.stringify({ decision: 'maybe' }), 'decision:'],
    ['is missing', '{}', 'decision:'],
    ['has an unknown field', JSON.stringify({ decision: 'approve', by: 'me' }), 'by'],
    ['has too long a comment', JSON.stringify({ decision: 'approve', comment: 'x'.repeat(2001) }), 'comment:'],
    ['is not JSON', 'approve', 'not JSON'],
  ])('that %s is a 400 that says so, and the job waits on', async (_, body, detail) => {
    const id = await submitDocument();
    await waiting(id);
    const answer = await request(`/jobs/${TYPE}/${id}/decision`, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    expect((await getJob(TYPE, id)).body.status).toBe('WAITING');
    await decide(id, 'reject');
  });

  it('has a route only for job types whose workflow waits for one', async () => {
    const answer = await request(`/jobs/csv-import/x/decision`, { method: 'POST', body: '{"decision":"approve"}' });
    expect(answer.status).toBe(404);
  });
});

/** Runs something while EventBridge reports the end of one execution to nobody. */
async function withoutItsEnd(name: string, act: () => Promise<void>): Promise<void> {
  const events = new EventBridgeClient({});
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const [rule] = Rules.filter(({ EventPattern = '' }) => EventPattern.includes(`-${TYPE}"`));
  const { detail, ...pattern } = JSON.parse(rule?.EventPattern ?? '');
  const others = { ...pattern, detail: { ...detail, name: [{ 'anything-but': [name] }] } };
  await events.send(new PutRuleCommand({ Name: rule?.Name, EventPattern: JSON.stringify(others) }));
  try {
    await act();
  } finally {
    await events.send(new PutRuleCommand({ Name: rule?.Name, EventPattern: rule?.EventPattern }));
  }
}

it('a job whose workflow ended unseen, because the event was lost, is settled by a look of the due index', async () => {
  const id = await submitDocument();
  const acceptedAt = new Date((await waiting(id)).acceptedAt);
  await withoutItsEnd(executionName({ ...jobOf(id), attempt: 1, acceptedAt }), async () => {
    await decide(id, 'approve');
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    // not by the event: the look comes a third of its interval after the decision
    const { decidedAt } = job.result as { decidedAt: string };
    expect(Date.parse(job.settledAt ?? '') - Date.parse(decidedAt)).toBeGreaterThanOrEqual(3000);
  });
});

it('a job whose workflow missed a decision goes on when the due index has it looked at', async () => {
  const id = await submitDocument();
  await waiting(id);
  const now = new Date();
  const lookAt = new Date(now.getTime() + 1000);
  // recorded, and then its function crashed before it informed the workflow
  const answer = await jobWaits(dynamo, output('processing', 'JobsTableName')).decide(
    jobOf(id),
    { decision: 'approve' },
    { now, lookAt },
  );
  if (answer.kind !== 'decided' || !answer.soon) throw new Error(`the decision was not recorded: ${answer.kind}`);
  await dueQueue(sqs, `arn:aws:sqs:x:000000000000:spillway-${stage.name}-due`).send(answer.soon.reference, lookAt);
  expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { approved: true } });
});

it('a durable job is not run again by a duplicate of its message', async () => {
  const id = await submitDocument();
  await waiting(id);
  expect((await submit(TYPE, { title, text, approvers, decideWithinSeconds: LONG_SECONDS }, id)).status).toBe(202);
  await sleep(2000);
  expect((await getJob(TYPE, id)).body).toMatchObject({ status: 'WAITING', attempts: 1 });
  await decide(id, 'approve');
  expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
});

describe('cancelling an approval', () => {
  it('one that waits undoes its steps at once, takes no decision any more, and a late result changes nothing', async () => {
    const id = await submitDocument();
    await waiting(id);
    const { status, body } = await cancel(id);
    expect([status, body]).toEqual([202, expect.objectContaining({ cancelRequestedAt: expect.any(String) })]);
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'CANCELLED', attempts: 1 });
    for (const field of ['error', 'result', 'waitingFor']) expect(job).not.toHaveProperty(field);
    expect(await documentOf(id)).toMatchObject({ state: 'WITHDRAWN' });
    expect([(await cancel(id)).status, (await decide(id, 'approve')).status]).toEqual([409, 409]);
    const late = { outcome: 'SUCCEEDED', result: { json: '{"approved":true}' }, now: new Date() } as const;
    const store = jobWrites(dynamo, output('processing', 'JobsTableName'));
    expect(await store.settle({ ...jobOf(id), attempt: 1 }, late)).toBe(false);
    expect((await getJob(TYPE, id)).body).toEqual(job);
  });

  it('one whose workflow could not be reached is undone when the due index has it looked at', async () => {
    const id = await submitDocument();
    await waiting(id);
    const now = new Date();
    const lookAt = new Date(now.getTime() + 1000);
    // recorded, and then the function crashed before it informed the workflow
    const cancels = jobCancels(dynamo, output('processing', 'JobsTableName'));
    const answer = await cancels.cancel(jobOf(id), { now, lookAt });
    if (answer.kind !== 'requested') throw new Error(`the cancelling was not recorded: ${answer.kind}`);
    // its consumer stops it at the hand-over, if that was later
    const due = dueQueue(sqs, `arn:aws:sqs:x:000000000000:spillway-${stage.name}-due`);
    if (answer.soon) await due.send(answer.soon.reference, lookAt);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'CANCELLED' });
    expect(await documentOf(id)).toMatchObject({ state: 'WITHDRAWN' });
  });
});
