import { randomUUID } from 'node:crypto';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { as, spillway } from './testing/run-spillway.ts';

const COUNTED = '1 to cancel, without those that no consumer has seen yet.\n';

describe('spillway cancel', () => {
  it('cancels a job, also twice, and says why it cannot cancel one that succeeded or is unknown', async () => {
    const job = ['csv-import', randomUUID(), ...as('one')];
    const unknown = await spillway(['cancel', ...job]);
    expect([unknown.code, unknown.error]).toEqual([1, expect.stringContaining('(404)')]);
    // as if no consumer had seen it yet
    const cancelled = await spillway(['cancel', ...job, '--accepted-at', String(Date.now())]);
    expect([cancelled.code, cancelled.error]).toEqual([0, '']);
    expect(JSON.parse(cancelled.out)).toMatchObject({ jobId: job[1], status: 'CANCELLED' });
    const again = await spillway(['cancel', ...job]);
    expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ status: 'CANCELLED' })]);
    const done = JSON.parse((await spillway(['submit', 'csv-import', ...as('one')])).out);
    await spillway(['watch', 'csv-import', done.jobId, '--accepted-at', done.acceptedAt, ...as('one')]);
    const settled = await spillway(['cancel', 'csv-import', done.jobId, ...as('one')]);
    expect([settled.code, settled.error]).toEqual([1, expect.stringContaining('(409)')]);
  });

  it('cancels the jobs that fit its options, counts them first, asks, and shows how far it is', async () => {
    const orderId = `order-${randomUUID()}`;
    const { name: type, example } = orderFulfilment;
    const input = JSON.stringify({ ...example.input, orderId });
    await spillway(['submit', type, '--run-after', '3600', '--input', '-', ...as('one')], { input });
    const filter = ['cancel', type, '--where', `orderId=${orderId}`, ...as('one')];
    let counted = await spillway([...filter, '--dry-run']);
    for (let tries = 0; counted.out !== COUNTED && tries < 50; tries += 1) {
      counted = await spillway([...filter, '--dry-run']);
    }
    expect([counted.code, counted.out, counted.error]).toEqual([0, COUNTED, '']);
    const unconfirmed = await spillway(filter);
    expect([unconfirmed.code, unconfirmed.error]).toEqual([2, expect.stringContaining('confirm with --yes')]);
    const { code, out, error } = await spillway([...filter, '--yes']);
    expect([code, error]).toEqual([0, expect.stringContaining('[##############################] SUCCEEDED')]);
    expect(JSON.parse(out.slice(out.indexOf('{')))).toMatchObject({ cancelled: 1, requested: 0, refused: 0 });
  });

  it('says what is wrong with its options', async () => {
    const both = await spillway(['cancel', 'csv-import', 'my-job', '--status', 'QUEUED', ...as('one')]);
    expect([both.code, both.error]).toEqual([2, expect.stringContaining('leave out my-job or --status')]);
    const neither = await spillway(['cancel', 'csv-import', ...as('one')]);
    expect([neither.code, neither.error]).toEqual([1, expect.stringContaining('filter: is empty')]);
  });
});
