import fc from 'fast-check';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { LONGEST_STEP_OUTPUT_BYTES, stepPayloads } from './pointers.ts';

const job = { tenant: 'tenant-1', type: 'sample', id: 'job-1', attempt: 1 };

/** The payloads of a job in a bucket in memory. */
function payloadsOf(bucket = memoryBucket(), of = job) {
  return { ...stepPayloads(bucket, of), objects: bucket.objects };
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const long = (character: string) => character.repeat(LONGEST_STEP_OUTPUT_BYTES);

describe('the output of a step', () => {
  it('is passed on as it is while it is short', async () => {
    const { shorten, objects } = payloadsOf();
    const output = { chargeId: 'ch_1', lines: [1, 2] };
    expect(await shorten(output)).toBe(output);
    expect(objects.size).toBe(0);
  });

  it('keeps its short fields for the expressions of the workflow when a field is too long', async () => {
    const { shorten, objects } = payloadsOf();
    const shortened = await shorten({ page: long('x'), count: 3 });
    expect(shortened).toEqual({
      page: { $payload: expect.stringMatching(/^steps\/tenant-1\/sample\/job-1\/1\//) },
      count: 3,
    });
    expect(objects.size).toBe(1);
  });

  it('arrives at the next step unchanged, and is short in between, whatever it is', async () => {
    const part = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(long('x'), long('é'), long('"'), { deep: [long('y')] }),
      fc.array(fc.string({ minLength: 500, maxLength: 900 }), { minLength: 60, maxLength: 80 }),
    );
    const output = fc.oneof(part, fc.dictionary(fc.string({ maxLength: 12 }), part, { maxKeys: 8 }), fc.array(part));
    await fc.assert(
      fc.asyncProperty(output, async (value) => {
        const { shorten, restore } = payloadsOf();
        const between = JSON.parse(JSON.stringify((await shorten(value)) ?? null));
        expect(bytesOf(between)).toBeLessThanOrEqual(LONGEST_STEP_OUTPUT_BYTES);
        // a workflow may put it anywhere into the input of the next step
        expect(await restore({ nested: [between] })).toEqual({ nested: [JSON.parse(JSON.stringify(value))] });
      }),
      { numRuns: 60 },
    );
  });

  it('never leads out of the folder of its job, even by two dots', async () => {
    const { restore, objects } = payloadsOf();
    objects.set('steps/tenant-2/sample/job-1/1/secret.json', '"secret"');
    const climbing = { $payload: 'steps/tenant-1/sample/job-1/../../../tenant-2/sample/job-1/1/secret.json' };
    expect(await restore(climbing)).toEqual(climbing);
  });

  it('is stored once when the step runs again with the same result', async () => {
    const { shorten, objects } = payloadsOf();
    expect(await shorten(long('x'))).toEqual(await shorten(long('x')));
    expect(objects.size).toBe(1);
  });

  it('of undefined stays undefined', async () => {
    const { shorten, restore } = payloadsOf();
    expect(await restore(await shorten(undefined))).toBeUndefined();
  });

  it('fails the next step with the key when its object is gone', async () => {
    const { shorten, restore, objects } = payloadsOf();
    const pointer = await shorten(long('x'));
    objects.clear();
    await expect(restore(pointer)).rejects.toThrow(/^the output steps\/tenant-1\/sample\/job-1\/1\/[0-9a-f]{64}\.json/);
  });
});

describe('a pointer in an input', () => {
  it.each([
    ['another tenant’s job', { ...job, tenant: 'tenant-2' }],
    ['another job', { ...job, id: 'job-2' }],
  ])('that leads to %s is only data', async (_, foreign) => {
    const bucket = memoryBucket();
    const pointer = await payloadsOf(bucket, foreign).shorten(long('x'));
    expect(await payloadsOf(bucket).restore({ text: pointer })).toEqual({ text: pointer });
  });

  it('with a second field is only data', async () => {
    const { shorten, restore } = payloadsOf();
    const pointer = { ...((await shorten(long('x'))) as object), more: 1 };
    expect(await restore(pointer)).toEqual(pointer);
  });
});
