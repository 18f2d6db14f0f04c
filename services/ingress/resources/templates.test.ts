import { RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import { sampleType } from '@spillway/shared/testing/workbench.ts';
import * as fc from 'fast-check';
import { CONTEXT, callOf, render } from '../testing/velocity.ts';
import { submitTemplates, verbatim, wrongRoute } from './templates.ts';

const standard = sampleType();
const ordered = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
const ofPost = (jobType: typeof standard) => submitTemplates(jobType, 'POST');
const ofPut = (jobType: typeof standard) => submitTemplates(jobType, 'PUT');

describe('the request template of a submit', () => {
  it('sends the body of a submit unchanged, and everything else as message attributes that are never empty', () => {
    const body = '{"a": "ü & = + % $CONTEXT.requestId #set($x = 1) \\u0000", "b":1.50}';
    const { form, attributes } = callOf(ofPost(standard).request, { body });
    expect(form.get('Action')).toBe('SendMessage');
    expect(form.get('MessageBody')).toBe(body);
    expect(Object.values(attributes)).not.toContain('');
    expect(attributes).not.toHaveProperty('jobId');
    expect(attributes).toMatchObject({
      tenant: 'tenant-1',
      acceptedAt: '1790000000000',
      requestId: CONTEXT.requestId,
      traceparent: 'v1;',
    });
  });

  it('sends any body and any job id of a submit unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }), (body, jobId) => {
        const { form, attributes } = callOf(ofPut(standard).request, { body, params: { jobId } });
        const sent = RESERVED_JOB_IDS.includes(jobId) ? null : body;
        return form.get('MessageBody') === sent && attributes.jobId === jobId;
      }),
    );
  });

  it('does not let a caller add SQS parameters to a submit', () => {
    const evil = 'x&MessageGroupId=other&Action=DeleteQueue';
    const { form, attributes } = callOf(ofPut(standard).request, {
      body: evil,
      params: { jobId: evil, traceparent: evil },
    });
    expect(form.getAll('Action')).toEqual(['SendMessage']);
    expect(form.getAll('MessageGroupId')).toEqual(['tenant-1']);
    expect(attributes).toMatchObject({ jobId: evil, traceparent: `v1;${evil}` });
  });

  it('groups the messages of a standard lane by tenant and deduplicates none of them', () => {
    const { form } = callOf(ofPost(standard).request, { body: '{}' });
    expect([form.get('MessageGroupId'), form.has('MessageDeduplicationId')]).toEqual(['tenant-1', false]);
  });

  it('groups the messages of an ordered lane by tenant and key, and deduplicates them by a request id that no client can choose', () => {
    const body = '{"key":"a-1"}';
    const named = { body, params: { jobId: 'j.1' } };
    for (const { form } of [callOf(ofPost(ordered).request, { body }), callOf(ofPut(ordered).request, named)]) {
      expect(form.get('MessageGroupId')).toBe('tenant-1.a-1');
      expect(form.get('MessageDeduplicationId')).toBe(CONTEXT.extendedRequestId);
    }
  });

  it.each([
    ['Idempotency-Key', 'j.1', 'j.1'],
    ['idempotency-key', 'j.1', 'j.1'],
    ['IDEMPOTENCY-KEY', '"j.1"', 'j.1'],
    ['Idempotency-Key', 'not an id', 'not an id'],
  ])('takes the job id of a POST from the header %s: %s', (header, value, jobId) => {
    const headers = { accept: '*/*', [header]: value, 'x-idempotency-key': 'no' };
    expect(callOf(ofPost(standard).request, { body: '{}', headers }).attributes).toMatchObject({
      jobId,
      traceparent: 'v1;',
    });
  });

  it('sends no job id for an empty Idempotency-Key, nor for one in the query', () => {
    const { attributes } = callOf(ofPost(standard).request, {
      body: '{}',
      params: { 'Idempotency-Key': 'no' },
      headers: { 'Idempotency-Key': '' },
    });
    expect(attributes).not.toHaveProperty('jobId');
  });

  it.each(RESERVED_JOB_IDS)('sends no body for the reserved job id %s, so that SQS refuses the message', (jobId) => {
    for (const value of [jobId, `"${jobId}"`]) {
      const headers = { 'Idempotency-Key': value };
      for (const jobType of [standard, ordered]) {
        const { form } = callOf(ofPost(jobType).request, { body: '{"key":"a-1"}', headers });
        expect([form.has('MessageBody'), form.get('Action')]).toEqual([false, 'SendMessage']);
      }
    }
    expect(callOf(ofPut(standard).request, { body: '{}', params: { jobId } }).form.has('MessageBody')).toBe(false);
  });

  it.each(['batches', 'Batch', '...', 'x.', 'batch|cancellations'])('sends the body for the job id %s', (jobId) => {
    const { form } = callOf(ofPost(standard).request, { body: '{}', headers: { 'Idempotency-Key': jobId } });
    expect(form.get('MessageBody')).toBe('{}');
  });

  it('takes the job id of a PUT from its path, whatever the header Idempotency-Key says', () => {
    const { attributes } = callOf(ofPut(standard).request, {
      body: '{}',
      params: { jobId: 'j.1' },
      headers: { 'Idempotency-Key': 'other' },
    });
    expect(attributes.jobId).toBe('j.1');
  });
});

it('leaves the trace header of a submit to API Gateway, which sends it with its sampling decision', () => {
  for (const template of [ofPost(standard).request, ofPut(ordered).request]) {
    expect(template).not.toContain('MessageSystemAttribute');
  }
});

describe('the answer template of what has no route', () => {
  const template = wrongRoute(
    new Map([
      ['jobs/(one|two)', ['GET', 'HEAD', 'POST']],
      ['jobs/(one|two)/[^/]+', ['GET', 'HEAD', 'PUT']],
      ['openapi[.]json', ['GET', 'HEAD']],
    ]),
  );
  const answerTo = (httpMethod: string, proxy: string) =>
    render(template, { params: { proxy }, context: { ...CONTEXT, httpMethod } });

  it.each([
    ['DELETE', 'jobs/one', 'GET, HEAD, OPTIONS, POST'],
    ['POST', 'jobs/two/an-id', 'GET, HEAD, OPTIONS, PUT'],
    ['PATCH', 'openapi.json', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s, whose path has other methods, with 405 and lists them', (method, path, allow) => {
    const { text, status, headers } = answerTo(method, path);
    expect([status, headers]).toEqual([405, { Allow: allow }]);
    expect(JSON.parse(text)).toMatchObject({ title: 'Method Not Allowed', status: 405 });
    expect(JSON.parse(text).detail).toContain(`the method ${method}.`);
  });

  it('answers OPTIONS of a path that has methods with 204 and lists them', () => {
    const { text, status, headers } = answerTo('OPTIONS', 'jobs/one');
    expect([text, status, headers]).toEqual(['', 204, { Allow: 'GET, HEAD, OPTIONS, POST' }]);
  });

  it.each([
    'jobs',
    'jobs/three',
    'jobs/one/an-id/more',
    'openapi.jsonx',
    'openapi-json',
    '$allow',
    '"',
    'x"))#set($a=1)',
  ])('answers every method of the unknown path /%s with 404', (path) => {
    for (const method of ['GET', 'OPTIONS', 'DELETE']) {
      const { text, status, headers } = answerTo(method, path);
      expect([status, headers, JSON.parse(text).status]).toEqual([404, {}, 404]);
    }
  });
});

it('answers a document in a template unchanged, even if it contains patterns with escaped characters', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: fc.constantFrom('$', '#', '\\', '"', '{', '}', 'x', 'é') }), (document) => {
      const json = JSON.stringify(document);
      const { text } = render(verbatim(json), {});
      // as text: JSON.parse takes the key "\"" for one that it has seen, "\\" (https://github.com/nodejs/node/issues/63785)
      expect(text.replaceAll('\\u0024', '$').replaceAll('\\u0023', '#')).toBe(json);
    }),
    { examples: [[{ pattern: '^[^\\$\\\\#]$', $ref: '$x #set($y = 1) $' + '{z} #end ## #* $!{a}' }]] },
  );
});
