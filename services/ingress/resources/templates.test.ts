import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { render } from '../testing/velocity.ts';

const { submitTemplates, verbatim } = createRequire(__filename)('./templates.cjs');

const standard = { lane: { kind: 'standard' } };
const ordered = { lane: { kind: 'ordered', orderKey: 'account' } };
const ofPost = (jobType: object) => submitTemplates(jobType, '""', 1_048_576);
const ofPut = (jobType: object) => submitTemplates(jobType, "$input.params('jobId')", 1_048_576);

const context = {
  authorizer: { claims: { sub: 'tenant-1' } },
  requestId: '8a6d0f3e-4b52-4a0e-9c3c-5d1f2a7b6e90',
  requestTimeEpoch: 1_790_000_000_000,
  path: '/dev/jobs/sample',
};

/** The SQS call that a request template makes, as SQS reads it. */
function callOf(template: string, request: { body: string; params?: Record<string, string> }) {
  const form = new URLSearchParams(render(template, { context, ...request }).text);
  const attributes: Record<string, string> = {};
  for (let n = 1; form.has(`MessageAttribute.${n}.Name`); n += 1) {
    attributes[form.get(`MessageAttribute.${n}.Name`) ?? ''] =
      form.get(`MessageAttribute.${n}.Value.StringValue`) ?? '';
  }
  return { form, attributes };
}

describe('the request to a lane', () => {
  it('holds the body untouched, and what the consumer must know as attributes that are never empty', () => {
    const body = '{"a": "ü & = + % $context.requestId #set($x = 1) \\u0000", "b":1.50}';
    const { form, attributes } = callOf(ofPost(standard).request, { body });
    expect(form.get('Action')).toBe('SendMessage');
    expect(form.get('MessageBody')).toBe(body);
    expect(attributes).toEqual({
      tenant: 'tenant-1',
      acceptedAt: '1790000000000',
      requestId: context.requestId,
      traceparent: 'v1;',
    });
  });

  it('holds any body and any id, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }), (body, jobId) => {
        const { form, attributes } = callOf(ofPut(standard).request, { body, params: { jobId } });
        return form.get('MessageBody') === body && attributes.jobId === jobId;
      }),
    );
  });

  it('cannot be given other parameters by what a caller sends', () => {
    const evil = 'x&MessageGroupId=other&Action=DeleteQueue';
    const { form, attributes } = callOf(ofPut(standard).request, {
      body: evil,
      params: { jobId: evil, traceparent: evil },
    });
    expect(form.getAll('Action')).toEqual(['SendMessage']);
    expect(form.getAll('MessageGroupId')).toEqual(['tenant-1']);
    expect(attributes).toMatchObject({ jobId: evil, traceparent: `v1;${evil}` });
  });

  it('is fair by tenant on a standard lane', () => {
    const { form } = callOf(ofPost(standard).request, { body: '{}' });
    expect([form.get('MessageGroupId'), form.has('MessageDeduplicationId')]).toEqual(['tenant-1', false]);
  });

  it('is ordered by tenant and key on an ordered lane, and deduplicated by request or by the caller’s id', () => {
    const body = '{"account":"a-1"}';
    const post = callOf(ofPost(ordered).request, { body }).form;
    expect([post.get('MessageGroupId'), post.get('MessageDeduplicationId')]).toEqual([
      'tenant-1.a-1',
      context.requestId,
    ]);
    const put = callOf(ofPut(ordered).request, { body, params: { jobId: 'j.1' } }).form;
    expect([put.get('MessageGroupId'), put.get('MessageDeduplicationId')]).toEqual(['tenant-1.a-1', 'tenant-1.j.1']);
  });

  it('has a deduplication id that SQS takes, also for an id that is none', () => {
    const put = callOf(ofPut(ordered).request, { body: '{"account":"a-1"}', params: { jobId: 'a b'.repeat(60) } }).form;
    expect(put.get('MessageDeduplicationId')).toBe(context.requestId);
  });
});

describe('the answer to an accepted submit', () => {
  const fromSqs = '{"SendMessageResponse":{"SendMessageResult":{"MessageId":"message-1"}}}';

  it('names the job by its message, and where to poll it', () => {
    const { text, headers } = render(ofPost(standard).accepted, { body: fromSqs, context });
    const self = '/dev/jobs/sample/message-1?acceptedAt=1790000000000';
    expect(headers).toEqual({ Location: self });
    expect(JSON.parse(text)).toEqual({ jobId: 'message-1', status: 'QUEUED', links: { self } });
  });

  it('is JSON and has a harmless Location with any id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (jobId) => {
        const { text, headers } = render(ofPut(standard).accepted, {
          body: fromSqs,
          params: { jobId },
          context: { ...context, path: `/dev/jobs/sample/${jobId}` },
        });
        return JSON.parse(text).jobId === jobId && /^[!-~]+$/.test(headers.Location ?? '');
      }),
    );
  });

  it('writes no line of its own into the headers', () => {
    const jobId = "a'b\\'c\r\nX-Injected: yes";
    const path = `/dev/jobs/sample/${jobId}`;
    const { text, headers } = render(ofPut(standard).accepted, {
      body: fromSqs,
      params: { jobId },
      context: { ...context, path },
    });
    expect(headers.Location).toBe("/dev/jobs/sample/a'b\\'cX-Injected:yes?acceptedAt=1790000000000");
    expect(JSON.parse(text)).toMatchObject({ jobId });
  });
});

describe('the answer when SQS refuses', () => {
  const refusal = (Code: string, Message = 'No.') =>
    render(ofPost(standard).refused, { body: JSON.stringify({ Error: { Code, Message } }), context });

  it.each([
    ['InvalidParameterValue', 'Reason: Message must be shorter than 1048576 bytes.', 413, undefined, '1048576 bytes'],
    ['InvalidParameterValue', 'Reason: …', 400, undefined, 'characters'],
    ['InvalidMessageContents', 'No.', 400, undefined, 'characters'],
    ['RequestThrottled', 'No.', 429, '5', 'Retry-After'],
    ['ThrottlingException', 'No.', 429, '5', 'Retry-After'],
    ['OverLimit', 'No.', 429, '5', 'Retry-After'],
    ['AWS.SimpleQueueService.NonExistentQueue', 'No.', 503, '5', 'Retry-After'],
    ['InternalFailure', 'No.', 503, '5', 'Retry-After'],
    ['AccessDenied', 'No.', 503, '5', 'Retry-After'],
  ])('%s (%s) is a problem of its own', (code, message, status, retryAfter, reason) => {
    const { text, headers, ...overridden } = refusal(code, message);
    expect([overridden.status, headers['Retry-After']]).toEqual([status, retryAfter]);
    const problem = JSON.parse(text);
    expect(problem).toMatchObject({ status, instance: `urn:uuid:${context.requestId}` });
    expect(problem.detail).toContain(reason);
    expect(problem.detail).toContain('Nothing was accepted');
  });

  it('is 503 if it says nothing at all', () => {
    const { status, headers } = render(ofPost(standard).refused, { body: '{}', context });
    expect([status, headers['Retry-After']]).toEqual([503, '5']);
  });
});

it('a document that a template answers as it is stays as it is, patterns with escaped signs among it', () => {
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
