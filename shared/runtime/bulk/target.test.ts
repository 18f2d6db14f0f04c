import { targetOf } from './target.ts';

describe('the job type of a file', () => {
  it.each(['nowhere', 'bulk-submit', 'replay-jobs', '../jobs/csv-import', ''])(
    'the job type of a file cannot be %j',
    async (type) => {
      await expect(targetOf(type)).rejects.toMatchObject({ name: 'PermanentJobError', code: 'TYPE_REFUSED' });
    },
  );

  it('the job type of a file may be that of any service', async () => {
    expect((await targetOf('invoice-render')).service).toBe('billing');
  });
});
