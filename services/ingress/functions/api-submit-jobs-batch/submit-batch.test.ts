import type { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_BYTES } from '@spillway/shared/contracts/batch-size.ts';
import { contractOf } from '@spillway/shared/contracts/contract-of.ts';
import type { NewMessage, SendFailure } from '@spillway/shared/runtime/lane/send-all.ts';
import { sampleType } from '@spillway/shared/testing/workbench.ts';
import type { Problem } from '../../light-function.ts';
import { submitTemplates } from '../../resources/templates.ts';
import { CONTEXT, callOf } from '../../testing/velocity.ts';
import { submitBatch } from './submit-batch.ts';

const ACCEPTED_AT = CONTEXT.requestTimeEpoch;
const good = { input: { key: 'k', n: 1 } };
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Options {
  headers?: Record<string, string>;
  jobType?: ReturnType<typeof sampleType>;
  /** What becomes of each message. */
  failing?: (message: NewMessage) => SendFailure;
}

/** Submits a batch to a lane that keeps what it takes. */
async function submit(body: string, { headers = {}, jobType = sampleType(), failing = () => undefined }: Options = {}) {
  const sent: NewMessage[] = [];
  const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
  const { status, body: answer } = await submitBatch(
    {
      tenant: 'tenant-1',
      requestId: CONTEXT.requestId,
      acceptedAt: ACCEPTED_AT,
      path: '/dev/jobs/sample',
      header: (name) => all[name],
      body,
    },
    {
      jobType,
      send: async (messages) => {
        sent.push(...messages.filter((message) => !failing(message)));
        return messages.map(failing);
      },
    },
  );
  return { status, jobs: (answer as BatchAccepted).jobs, sent };
}

const batch = (...jobs: unknown[]) => JSON.stringify({ jobs });
const refusal = (body: string, options?: Options): Promise<Problem> =>
  submit(body, options).then(
    () => Promise.reject(new Error('it was accepted')),
    (problem) => problem,
  );
const detailOf = (answer: BatchAccepted['jobs'][number] | undefined) =>
  answer && 'problem' in answer ? answer.problem.detail : undefined;

describe('a batch', () => {
  it('answers with an entry per job in order, each with its id and a link to poll', async () => {
    const { status, jobs } = await submit(batch({ id: 'mine', ...good }, good));
    expect(status).toBe(202);
    expect(jobs).toEqual([
      {
        jobId: 'mine',
        status: 'QUEUED',
        links: { self: `/dev/jobs/sample/mine?acceptedAt=${ACCEPTED_AT}` },
      },
      { jobId: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'QUEUED', links: { self: expect.any(String) } },
    ]);
  });

  it('writes the attributes, group and body of a message exactly as the front door’s template does', async () => {
    for (const jobType of [sampleType(), sampleType({ lane: { kind: 'ordered', orderKey: 'key' } })]) {
      for (const headers of [{}, { traceparent: TRACE }]) {
        const body = JSON.stringify(good.input);
        const template = callOf(submitTemplates(jobType, 'PUT').request, {
          body,
          params: { jobId: 'mine', ...headers },
        });
        const { sent } = await submit(batch({ id: 'mine', ...good }), { headers, jobType });
        expect(sent).toMatchObject([
          { body, attributes: template.attributes, groupId: template.form.get('MessageGroupId') },
        ]);
        expect(Object.keys(sent[0]?.attributes ?? {})).toEqual(Object.keys(template.attributes));
      }
    }
  });

  it('sends the input of each entry exactly as the client wrote it', async () => {
    const { sent } = await submit('{"jobs":[ {"input": { "n":1.10, "key":"\\u006b" } } ]}');
    expect(sent.map(({ body }) => body)).toEqual(['{ "n":1.10, "key":"\\u006b" }']);
  });

  it('gives messages of an ordered lane deduplication ids that no other message has', async () => {
    const jobType = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
    const { sent } = await submit(batch(good, good), { jobType });
    expect(sent.map(({ deduplicationId }) => deduplicationId)).toEqual([
      `${CONTEXT.requestId}.0`,
      `${CONTEXT.requestId}.1`,
    ]);
    expect((await submit(batch(good))).sent[0]).not.toHaveProperty('deduplicationId');
  });

  it.each([
    ['does not fit the contract', { input: { key: 'k', n: 'x' } }, /^n: /],
    ['has no input', { id: 'a' }, 'input: is missing'],
    ['has an unknown field', { ...good, priority: 1 }, 'priority: is unknown; an entry has input, runAfter'],
    ['has a bad id', { ...good, id: 'a b' }, 'a job id is 1 to 64'],
    ['has an id that is not text', { ...good, id: null }, 'id: a job id is 1 to 64'],
    ['has a reserved id', { ...good, id: 'batch' }, '"batch" is a reserved word'],
    ['starts beyond a year', { ...good, runAfter: 99_999_999 }, 'runAfter is an RFC 3339 time'],
    ['expires before it starts', { ...good, runAfter: 60, expiresAfter: '30' }, 'expiresAfter is before runAfter'],
    ['has an invalid time', { ...good, expiresAfter: true }, 'expiresAfter is an RFC 3339 time'],
    ['is not an object', [], 'an entry is an object'],
  ])('says of an entry that %s what is wrong, and accepts the others', async (_, entry, detail) => {
    const { status, jobs, sent } = await submit(batch(good, entry, good));
    expect([status, sent.length]).toEqual([202, 2]);
    expect(jobs.map((job) => 'problem' in job)).toEqual([false, true, false]);
    expect(detailOf(jobs[1])).toMatch(detail);
    expect(jobs[1]).toMatchObject({ problem: { status: 400, instance: `urn:uuid:${CONTEXT.requestId}` } });
  });

  it('says when an entry waits, and takes its times as numbers or as texts', async () => {
    const { jobs, sent } = await submit(
      batch({ ...good, runAfter: 60, expiresAfter: '120' }, { ...good, runAfter: '0' }),
    );
    expect(jobs.map((job) => 'status' in job && job.status)).toEqual(['SCHEDULED', 'QUEUED']);
    expect(sent[0]?.attributes).toMatchObject({ runAfter: 'v1;60', expiresAfter: 'v1;120' });
  });

  it('says of an entry that it has characters that SQS refuses', async () => {
    const webhook = await contractOf('webhook-delivery');
    const input = { ...(webhook.example.input as object), payload: { text: '\ufffe' } };
    const { jobs } = await submit(batch({ input: webhook.example.input }, { input }), { jobType: webhook as never });
    expect(detailOf(jobs[1])).toContain('characters that a message cannot carry');
  });

  it('says of an entry that does not fit into the lane how long it may be', async () => {
    const webhook = await contractOf('webhook-delivery');
    const input = { ...(webhook.example.input as object), payload: { text: 'x'.repeat(1_048_500) } };
    const { jobs } = await submit(batch({ input: webhook.example.input }, { input }), { jobType: webhook as never });
    expect(jobs[1]).toMatchObject({ problem: { status: 413, detail: expect.stringContaining('1048576 bytes') } });
  });

  it('takes the same id with the same input as one job, and refuses it with another input', async () => {
    const other = { id: 'a', input: { key: 'k', n: 2 } };
    const { jobs, sent } = await submit(batch({ id: 'a', ...good }, { id: 'a', ...good }, other));
    expect(sent).toHaveLength(1);
    expect(jobs[1]).toEqual(jobs[0]);
    expect(detailOf(jobs[2])).toContain('an earlier entry has the id a and another input');
  });

  it('says of each entry that the lane did not take why, and accepts the others', async () => {
    const failing = ({ body }: NewMessage) => (body.includes('2') ? 'RequestThrottled' : undefined);
    const { status, jobs } = await submit(batch(good, { input: { key: 'k', n: 2 } }), { failing });
    expect([status, jobs]).toEqual([
      202,
      [expect.objectContaining({ status: 'QUEUED' }), { problem: expect.objectContaining({ status: 429 }) }],
    ]);
  });

  it('answers 400 with the problem of each entry if none was accepted', async () => {
    const problem = await refusal(batch({ input: 1 }, { id: '' }));
    expect(problem).toMatchObject({ code: 'nothingAccepted', message: expect.stringContaining('None of the 2 jobs') });
    expect(problem.members.jobs).toEqual([
      { problem: expect.objectContaining({ status: 400 }) },
      { problem: expect.objectContaining({ status: 400 }) },
    ]);
  });

  it.each([
    ['RequestThrottled', 'laneBusy'],
    ['QueueDoesNotExist', 'laneClosed'],
    ['TimeoutError', 'laneUnavailable'],
  ])('answers as the lane does if it took nothing because of %s', async (code, problem) => {
    expect(await refusal(batch(good, good), { failing: () => code })).toMatchObject({ code: problem });
  });

  it.each([
    ['that is not JSON', '{"jobs":', 'notJson', 'not JSON'],
    ['that is empty', '', 'notJson', 'not JSON'],
    ['without jobs', '{}', 'batchRefused', 'send { "jobs"'],
    ['that is a list', '[]', 'batchRefused', 'send { "jobs"'],
    ['with an empty list', '{"jobs":[]}', 'batchRefused', 'jobs is empty'],
    ['with another field', '{"jobs":[{}],"x":1}', 'batchRefused', 'no field "x"'],
    ['with 1,001 jobs', batch(...new Array(1001).fill(good)), 'batchRefused', 'it has 1001 jobs: send at most 1000'],
    ['over 5 MiB', batch(good).padEnd(MOST_BATCH_BYTES + 1), 'batchTooLarge', '5242880 bytes'],
  ])('refuses a batch %s and says what to do', async (_, body, code, detail) => {
    expect(await refusal(body)).toMatchObject({ code, message: expect.stringContaining(detail) });
  });

  it.each(['text/plain', 'application/jsonx', ''])('refuses a batch of the content type %j', async (contentType) => {
    expect(await refusal(batch(good), { headers: { 'content-type': contentType } })).toMatchObject({
      code: 'unsupportedMediaType',
    });
  });

  it('accepts a batch of 1,000 jobs and one of 5 MiB', async () => {
    const { jobs } = await submit(batch(...new Array(1000).fill(good)), {
      headers: { 'content-type': 'Application/JSON; charset=utf-8' },
    });
    expect(jobs).toHaveLength(1000);
    expect((await submit(batch(good).padEnd(MOST_BATCH_BYTES))).status).toBe(202);
  });
});
