import fc from 'fast-check';
import { BYTES_A_CALL, LONGEST_RECORD_BYTES, packCalls, packRecords, RECORDS_A_CALL } from './pack.ts';

const line = fc.integer({ min: 1, max: 400_000 }).map((length) => 'x'.repeat(length));

describe('packing', () => {
  it('packs every fact, in order, into records that Firehose accepts', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const records = packRecords(lines);
        expect(records.join('')).toBe(lines.map((each) => `${each}\n`).join(''));
        for (const record of records) expect(Buffer.byteLength(record)).toBeLessThanOrEqual(LONGEST_RECORD_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  it('groups records of facts into calls that Firehose accepts', () => {
    const calls = packCalls(Array.from({ length: 1200 }, () => 'x'.repeat(5000)));
    expect(calls.flat()).toHaveLength(1200);
    for (const call of calls) {
      expect(call.length).toBeLessThanOrEqual(RECORDS_A_CALL);
      expect(call.join('').length).toBeLessThanOrEqual(BYTES_A_CALL);
    }
  });

  it('packs many small facts into one record', () => {
    expect(packRecords(Array.from({ length: 500 }, () => 'x'.repeat(300)))).toHaveLength(1);
  });
});
