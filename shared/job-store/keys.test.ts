import fc from 'fast-check';
import { jobKey, LIST_SHARDS, listKeys } from './keys.ts';

const identity = fc.record({
  tenant: fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/),
  type: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  id: fc.string({ maxLength: 600 }),
});

describe('the key of a job', () => {
  it('gives different jobs different keys, whatever ids the clients choose', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(jobKey(one)).not.toEqual(jobKey(other));
      }),
    );
  });

  it('makes job keys that fit DynamoDB’s 2,048 bytes', () => {
    fc.assert(fc.property(identity, (job) => expect(Buffer.byteLength(jobKey(job).pk)).toBeLessThanOrEqual(2048)));
  });
});

describe('the list', () => {
  it('spreads listed jobs over all shards', () => {
    const shards = new Set(
      Array.from({ length: 200 }, (_, n) => listKeys({ tenant: 't', type: 'x', id: `job-${n}` }, new Date()).listKey),
    );
    expect(shards.size).toBe(LIST_SHARDS);
  });
});
