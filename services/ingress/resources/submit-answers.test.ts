import { sampleType } from '@spillway/shared/testing/workbench.ts';
import * as fc from 'fast-check';
import { CONTEXT, render } from '../testing/velocity.ts';
import { submitTemplates } from './templates.ts';

const standard = sampleType();
const ofPost = (jobType: typeof standard) => submitTemplates(jobType, 'POST');
const ofPut = (jobType: typeof standard) => submitTemplates(jobType, 'PUT');

describe('the answer template of an accepted submit', () => {
  const fromSqs = '{"SendMessageResponse":{"SendMessageResult":{"MessageId":"message-1"}}}';

  it('answers an accepted submit with the message id as the job id, and where to poll the job', () => {
    const { text, headers } = render(ofPost(standard).accepted, { body: fromSqs, context: CONTEXT });
    const self = '/dev/jobs/sample/message-1?acceptedAt=1790000000000';
    expect(headers).toEqual({ Location: self });
    expect(JSON.parse(text)).toEqual({ jobId: 'message-1', status: 'QUEUED', links: { self } });
  });

  it.each([
    ['j.1', '/dev/jobs/sample/j.1'],
    ['a b/ü', '/dev/jobs/sample/a%20b%2F%C3%BC'],
  ])('answers a POST with the Idempotency-Key %j as a PUT of that id', (jobId, path) => {
    const { text, headers } = render(ofPost(standard).accepted, {
      body: fromSqs,
      headers: { 'Idempotency-Key': jobId },
      context: CONTEXT,
    });
    const self = `${path}?acceptedAt=1790000000000`;
    expect(headers).toEqual({ Location: self });
    expect(JSON.parse(text)).toEqual({ jobId, status: 'QUEUED', links: { self } });
  });

  it('answers a submit to a path with a slash at its end with a Location without it', () => {
    const context = { ...CONTEXT, path: '/dev/jobs/sample/' };
    const { headers } = render(ofPost(standard).accepted, { body: fromSqs, context });
    expect(headers.Location).toBe('/dev/jobs/sample/message-1?acceptedAt=1790000000000');
  });

  it('answers an accepted submit with valid JSON and a printable Location for any job id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (jobId) => {
        const { text, headers } = render(ofPut(standard).accepted, {
          body: fromSqs,
          params: { jobId },
          context: { ...CONTEXT, path: `/dev/jobs/sample/${jobId}` },
        });
        return JSON.parse(text).jobId === jobId && /^[!-~]+$/.test(headers.Location ?? '');
      }),
    );
  });

  it('does not let a job id add a header to the response', () => {
    const jobId = "a'b\\'c\r\nX-Injected: yes";
    const path = `/dev/jobs/sample/${jobId}`;
    const { text, headers } = render(ofPut(standard).accepted, {
      body: fromSqs,
      params: { jobId },
      context: { ...CONTEXT, path },
    });
    expect(headers.Location).toBe("/dev/jobs/sample/a'b\\'cX-Injected:yes?acceptedAt=1790000000000");
    expect(JSON.parse(text)).toMatchObject({ jobId });
  });
});

describe('the answer template of a refused submit', () => {
  const refusal = (Code: string, Message = 'No.') =>
    render(ofPost(standard).refused, { body: JSON.stringify({ Error: { Code, Message } }), context: CONTEXT });

  it.each([
    ['InvalidParameterValue', 'Reason: Message must be shorter than 1048576 bytes.', 413, undefined, '1048576 bytes'],
    ['InvalidParameterValue', 'Reason: …', 400, undefined, 'characters'],
    ['InvalidMessageContents', 'No.', 400, undefined, 'characters'],
    ['MissingParameter', 'No.', 400, undefined, 'a reserved word (batch, cancellations, ., ..), or the body is empty'],
    ['RequestThrottled', 'No.', 429, '5', 'Retry-After'],
    ['ThrottlingException', 'No.', 429, '5', 'Retry-After'],
    ['OverLimit', 'No.', 429, '5', 'Retry-After'],
    ['AWS.SimpleQueueService.NonExistentQueue', 'No.', 503, '5', 'Retry-After'],
    ['AccessDenied', 'No.', 503, '5', 'Retry-After'],
  ])('answers the SQS error %s (%s) with status %i', (code, message, status, retryAfter, reason) => {
    const { text, headers, ...overridden } = refusal(code, message);
    expect([overridden.status, headers['Retry-After']]).toEqual([status, retryAfter]);
    const problem = JSON.parse(text);
    expect(problem).toMatchObject({ status, instance: `urn:uuid:${CONTEXT.requestId}` });
    expect(problem.detail).toContain(reason);
    expect(problem.detail).toContain('Nothing was accepted');
  });

  it.each([
    ['gives no reason', '{}'],
    ['fails', '{"Error":{"Code":"InternalFailure","Message":"We encountered an internal error."}}'],
    ['is unavailable', '{"Error":{"Code":"ServiceUnavailable","Message":"Request failed due to a server issue."}}'],
  ])('answers a submit with 503, and does not say that nothing was accepted, when SQS %s', (_, body) => {
    const { text, status, headers } = render(ofPost(standard).refused, { body, context: CONTEXT });
    expect([status, headers['Retry-After']]).toEqual([503, '5']);
    const { detail } = JSON.parse(text);
    expect(detail).toContain('may have been accepted: a PUT with its id is safe to repeat');
    expect(detail).not.toContain('Nothing');
  });
});
