import { concurrencyOf, PUSHERS, report, reservedIn, totalOf } from './concurrency.ts';
import { loadJobTypes } from './job-types.ts';

describe('the concurrency of a stage', () => {
  it('the consumers, the steps of Express workflows and the readers of all job types are added up', () => {
    const [csv, order, durable] = ['csv-import', 'order-fulfilment', 'document-approval'].map((type) =>
      loadJobTypes().find(({ name }) => name === type),
    );
    if (!csv || !order || !durable) throw new Error('no such job types');
    expect(concurrencyOf([csv, order, durable])).toEqual({
      consumers: csv.maxConcurrency + order.maxConcurrency + durable.maxConcurrency,
      steps: order.maxConcurrency * order.batchSize,
      readers: 17,
      pushers: PUSHERS,
      reserved: 0,
    });
  });

  it('what the functions of a service reserve is added, or else what those of the account have reserved', () => {
    const reserved = reservedIn({
      Socket: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: '50' } },
      Off: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: { Ref: 'AWS::NoValue' } } },
      Other: { Type: 'AWS::Lambda::Function', Properties: {} },
      Queue: { Type: 'AWS::SQS::Queue' },
    });
    const before = totalOf(concurrencyOf(loadJobTypes()));
    expect(totalOf(concurrencyOf(loadJobTypes(), reserved))).toBe(before + 50);
    const account = { all: 1000, unreserved: 900 };
    expect(totalOf(concurrencyOf(loadJobTypes(), 0, account))).toBe(before + 100);
    expect(totalOf(concurrencyOf(loadJobTypes(), reserved, account))).toBe(before + 50);
  });

  it('the shipped job types need less than the 1,000 concurrent executions of an ordinary account', () => {
    expect(totalOf(concurrencyOf(loadJobTypes()))).toBeLessThan(1000);
  });

  it('an account that allows too little gets a warning that says what to ask for', () => {
    const needed = { consumers: 30, steps: 10, readers: 10, pushers: 5, reserved: 5 };
    expect(report(needed, 10)).toEqual({
      exceeds: true,
      text: expect.stringMatching(/^Up to 60 .* allows only 10 .*Service Quotas/),
    });
    expect(report(needed, 60)).toEqual({ exceeds: false, text: expect.stringContaining('The account allows 60.') });
    expect(report(needed)).toEqual({ exceeds: false, text: expect.not.stringContaining('account') });
  });
});
