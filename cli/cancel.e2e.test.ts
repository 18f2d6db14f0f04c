import { randomUUID } from 'node:crypto';
import { as, spillway } from './testing/run-spillway.ts';

describe('spillway cancel', () => {
  it('cancels a job, and says why it cannot cancel a settled or unknown one', async () => {
    const job = ['csv-import', randomUUID(), ...as('one')];
    const unknown = await spillway(['cancel', ...job]);
    expect([unknown.code, unknown.error]).toEqual([1, expect.stringContaining('404: ')]);
    // as if no consumer had seen it yet
    const cancelled = await spillway(['cancel', ...job, '--accepted-at', String(Date.now())]);
    expect([cancelled.code, cancelled.error]).toEqual([0, '']);
    expect(JSON.parse(cancelled.out)).toMatchObject({ jobId: job[1], status: 'CANCELLED' });
    const again = await spillway(['cancel', ...job]);
    expect([again.code, again.error]).toEqual([1, expect.stringContaining('409: ')]);
  });
});
