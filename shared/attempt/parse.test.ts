import { identityOf, sampleMessage, submissionIn, workbench } from '../testing/workbench.ts';

const succeed = async ({ n }: { n: number }) => ({ n });

describe('messages that do not fit their contract', () => {
  it('fails a job whose body is not JSON without quoting the body, which may contain a secret', async () => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ body: 'whsec_secret' })]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { error: { code: 'INPUT_REFUSED', message: 'the body is not JSON' } },
    ]);
  });

  it.each(['.', '..', 'batch'])('fails a job with the id %s, because no path can lead to it', async (id) => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ id })]);
    expect(model.jobOf(identityOf(id))?.outcomes).toMatchObject([{ error: { code: 'INVALID_JOB_ID' } }]);
  });

  it.each(['NaN', '-1', '253402300800000', '8640000000000000'])(
    'parks a message that was accepted at %s',
    async (acceptedAt) => {
      const { handle, notes } = workbench(succeed);
      const message = sampleMessage();
      await handle([{ ...message, attributes: { ...message.attributes, acceptedAt } }]);
      expect(notes[0]).toMatchObject({ did: 'park' });
    },
  );

  it('keeps only the beginning of a refusal that contains a long field name', async () => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ body: JSON.stringify({ key: 'k', n: 1, ['x'.repeat(1_000_000)]: 1 }) })]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ error: { code: 'INPUT_REFUSED' } }]);
    expect(JSON.stringify(model.jobOf(identityOf())?.outcomes).length).toBeLessThan(5000);
  });

  it('reads the old job of a message that replays a failure as a new job', () => {
    const message = sampleMessage();
    expect(submissionIn({ ...message, attributes: { ...message.attributes, replayOf: 'old-1' } }).replayOf).toBe(
      'old-1',
    );
    expect(submissionIn(message)).not.toHaveProperty('replayOf');
  });

  it('parks a message whose job id is longer than any path, because no row could hold it', async () => {
    const { handle, model, notes } = workbench(succeed);
    expect(
      await handle([sampleMessage({ attributes: { ...sampleMessage().attributes, jobId: 'x'.repeat(500_000) } })]),
    ).toEqual([]);
    expect(notes[0]).toMatchObject({ did: 'park', reason: expect.stringMatching(/^the message attribute "jobId"/) });
    expect(model.jobs.size).toBe(0);
  });

  it.each([
    ['00-12345678901234567890123456789012-1234567890123456-01', true],
    ['cc-12345678901234567890123456789012-1234567890123456-01', true],
    ['cc-12345678901234567890123456789012-1234567890123456-01-what-the-future', true],
    ['00-12345678901234567890123456789012-1234567890123456-01-extra', false],
    ['cc-12345678901234567890123456789012-1234567890123456-01.what', false],
    ['ff-12345678901234567890123456789012-1234567890123456-01', false],
    ['00-00000000000000000000000000000000-1234567890123456-01', false],
    ['00-12345678901234567890123456789012-0000000000000000-01', false],
    ['00-1234567890123456789012345678901A-1234567890123456-01', false],
    ['', false],
  ])('takes the trace id of the traceparent %j: %p', (traceparent, taken) => {
    const message = sampleMessage();
    const attributes = { ...message.attributes, traceparent: `v1;${traceparent}` };
    const { traceId } = submissionIn({ ...message, attributes });
    expect(traceId).toBe(
      taken ? '12345678901234567890123456789012' : message.attributes.requestId?.replaceAll('-', ''),
    );
  });

  it.each([
    ['invalid JSON', { body: '{' }, 'INPUT_REFUSED', 'JSON'],
    ['a missing field', { body: '{"key":"k"}' }, 'INPUT_REFUSED', 'n:'],
    ['an extra field', { body: '{"key":"k","n":1,"x":1}' }, 'INPUT_REFUSED', 'x'],
    ['a bad id', { id: 'no spaces' }, 'INVALID_JOB_ID', '1 to 64'],
    ['a reserved id', { id: 'batch' }, 'INVALID_JOB_ID', 'reserved'],
  ])('fails a job with %s without running it, and gives the reason', async (_, changes, code, reason) => {
    const { handle, model, notes } = workbench(succeed);
    expect(await handle([sampleMessage(changes)])).toEqual([]);
    const id = 'id' in changes ? changes.id : 'job-1';
    expect(model.jobOf(identityOf(id))).toMatchObject({
      attempt: 0,
      outcomes: [{ error: { code, message: expect.stringContaining(reason) } }],
    });
    expect(notes.some(({ did }) => did === 'claim')).toBe(false);
  });

  it.each([
    ['no tenant', { acceptedAt: '1790000000000' }],
    ['a tenant that is too long for a key', { tenant: 't'.repeat(129), acceptedAt: '1790000000000' }],
    ['no time of acceptance', { tenant: 'tenant-1' }],
    ['an invalid time of acceptance', { tenant: 'tenant-1', acceptedAt: 'yesterday' }],
  ])('parks a message with %s, because it belongs to no tenant’s job', async (_, attributes) => {
    const { handle, model, notes } = workbench(succeed);
    expect(await handle([sampleMessage({ attributes })])).toEqual([]);
    expect(notes[0]).toMatchObject({ did: 'park', reason: expect.stringMatching(/^the message attribute/) });
    // operators find it under its own id
    expect(model.parked).toMatchObject([{ job: { tenant: '-', type: 'sample', id: 'message-of-job-1' } }]);
    expect(model.jobs.size).toBe(0);
  });
});
