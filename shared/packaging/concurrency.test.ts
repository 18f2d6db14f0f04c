import { concurrencyOf, report } from './concurrency.ts';
import { loadJobTypes } from './job-types.ts';

const total = ({ consumers, steps, readers }: ReturnType<typeof concurrencyOf>) => consumers + steps + readers;

describe('the concurrency of a stage', () => {
  it('the consumers, the workflow steps and the readers of all job types are added up', () => {
    const [csv, order] = ['csv-import', 'order-fulfilment'].map((type) =>
      loadJobTypes().find(({ name }) => name === type),
    );
    if (!csv || !order) throw new Error('no such job types');
    expect(concurrencyOf([csv, order])).toEqual({
      consumers: csv.maxConcurrency + order.maxConcurrency,
      steps: order.maxConcurrency * order.batchSize,
      readers: 17,
    });
  });

  it('the shipped job types need less than the 1,000 concurrent executions of an ordinary account', () => {
    expect(total(concurrencyOf(loadJobTypes()))).toBeLessThan(1000);
  });

  it('an account that allows too little gets a warning that says what to ask for', () => {
    const needed = { consumers: 30, steps: 20, readers: 10 };
    expect(report(needed, 10)).toEqual({
      exceeds: true,
      text: expect.stringMatching(/^Up to 60 .* allows only 10 .*Service Quotas/),
    });
    expect(report(needed, 60)).toEqual({ exceeds: false, text: expect.stringContaining('The account allows 60.') });
    expect(report(needed)).toEqual({ exceeds: false, text: expect.not.stringContaining('account') });
  });
});
