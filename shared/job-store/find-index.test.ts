import fc from 'fast-check';
import { findKeys, findPartitions } from './find-index.ts';

const job = { tenant: 't', type: 'order', id: 'job-1' };
const term = (value: string, field = 'orderId') => ({ field, value });

describe('the indexes of search keys', () => {
  it('have a job in one of the partitions in which it is looked for, at the position of its key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.string(), (value, id) => {
        const keys = findKeys({ ...job, id }, [undefined, term(value)]);
        expect(Object.keys(keys)).toEqual(['find2']);
        expect(findPartitions('t', 'order', term(value))).toContain(keys.find2);
        expect(Buffer.byteLength(keys.find2 ?? '')).toBeLessThan(1024);
      }),
    );
  });

  it('have no job of a type without search keys', () => {
    expect(findKeys(job, [])).toEqual({});
  });

  it('keep apart tenants, types, fields, values, and a long value from the text of its digest', () => {
    const long = 'x'.repeat(600);
    const [digest = ''] = findPartitions('t', 'order', term(long));
    const all = [
      ...findPartitions('t', 'order', term('a')),
      ...findPartitions('u', 'order', term('a')),
      ...findPartitions('t', 'other', term('a')),
      ...findPartitions('t', 'order', term('a', 'sku')),
      ...findPartitions('t', 'order', term('a#1')),
      ...findPartitions('t', 'order', term(long)),
      ...findPartitions('t', 'order', term(digest.slice(digest.indexOf('~') + 1, digest.lastIndexOf('#')))),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
