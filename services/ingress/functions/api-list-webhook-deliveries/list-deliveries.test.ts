import { listDeliveries } from './list-deliveries.ts';

const row = { pk: 't', sk: 'crm' };
const reads = { list: async () => ({ rows: [] }) };

describe('the deliveries of a webhook', () => {
  it('are listed by the parameters that every list has', async () => {
    expect(await listDeliveries(row, { status: 'FAILED', limit: '2' }, '/dev', reads)).toEqual({ deliveries: [] });
  });

  it.each(['webhook', 'event'])('are not found by %s, which would have been ignored', async (name) => {
    await expect(listDeliveries(row, { [name]: 'other' }, '/dev', reads)).rejects.toMatchObject({
      message: `${name}: there is no such parameter; use status, cursor, limit.`,
    });
  });
});
