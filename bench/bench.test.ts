import fc from 'fast-check';
import { callsTable } from './calls.ts';
import { waysTable } from './calls-of-ways.ts';
import { observingTable } from './push.ts';
import { median, tableOf, verdict } from './table.ts';

describe('tables', () => {
  it('aligns a table in columns, with numbers on the right', () => {
    const rows = [
      ['whole pipe', '98', 'with all'],
      ['loop', '1024', ''],
      ['share', '0.10', ''],
    ];
    expect(tableOf(rows)).toBe('  whole pipe    98  with all\n  loop        1024\n  share       0.10');
  });

  it('says of each target whether it was met', () => {
    expect(verdict(130, 130, ' KB')).toBe('target ≤ 130 KB: met');
    expect(verdict(3.51, 3.5)).toBe('target ≤ 3.5: MISSED');
  });
});

describe('medians', () => {
  it('finds a median with at most half of the numbers below it and at most half above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
        const value = median(numbers);
        const below = numbers.filter((number) => number < value).length;
        const above = numbers.filter((number) => number > value).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(numbers.length / 2);
      }),
    );
  });
});

describe('the calls of a job', () => {
  const counted = {
    'AWSEvents.PutEvents': 30,
    'AmazonSQS.ReceiveMessage': 77,
    'Door.POST': 100,
    'Door.SendMessage': 100,
    'DynamoDB.UpdateItem': 200,
    'EventSource.DeleteMessageBatch': 25,
    'EventSource.ReceiveMessage': 25,
  };

  it('counts the calls from the front door to the outcome, and those for observing separately', () => {
    const text = callsTable(counted, 100);
    expect(text).toContain('4.0 jobs a batch');
    expect(text).toMatch(/door to settled +3\.50 +target ≤ 3\.5: met/);
    expect(text).toMatch(/observing +0\.30/);
    expect(text).not.toContain('Door.POST');
  });

  it('counts the calls of a job that comes again or is archived', () => {
    const text = callsTable({ ...counted, 'AmazonSQS.ChangeMessageVisibility': 10, 'S3.PUT': 40 }, 100);
    expect(text).toMatch(/door to settled +4\.00 +target ≤ 3\.5: MISSED/);
  });
});

describe('the calls of the readers of the stream', () => {
  it('are counted per 1,000 jobs and compared with their target, and so are the facts in a record', () => {
    const text = observingTable(
      { 'AWSEvents.PutEvents': 20, 'SNS.PublishBatch': 20, 'Firehose.PutRecordBatch': 5 },
      200,
    );
    expect(text).toMatch(/PutEvents +100$/m);
    expect(text).toMatch(/PutRecordBatch +25$/m);
    expect(text).toMatch(/facts a record of Firehose +120\.0$/m);
    expect(text).toMatch(/per 100 jobs +12\.5 +target ≤ 25: met/);
  });
});

describe('the calls of each way', () => {
  const text = waysTable(
    {
      single: {
        '': { 'Door.PUT': 10, 'Door.SendMessage': 10, 'Door.GET': 9, 'AmazonSQS.ReceiveMessage': 8, 'IAM.POST': 7 },
        'processing-local-csv-import': { 'DynamoDB.UpdateItem': 20 },
        'streams-local-on-job-changed': { 'AWSEvents.PutEvents': 5, 'DynamoDB.BatchGetItem': 1, 'SNS.POST': 6 },
      },
      'batch of 100': {
        '': { 'Door.POST': 1, 'SNS.PublishBatch': 2 },
        'ingress-local-api-submit-jobs-batch': { 'AmazonSQS.SendMessageBatch': 1 },
        'processing-local-csv-import': { 'DynamoDB.UpdateItem': 20 },
        'processing-local-on-due': { 'DynamoDB.BatchGetItem': 3 },
        'processing-local-every-minute': { 'DynamoDB.Query': 16 },
      },
    },
    10,
  );

  it('has a column for each way, and adds up the calls until the outcome', () => {
    expect(text).toMatch(/single +batch of 100$/m);
    expect(text).toMatch(/until the outcome +3\.00 +2\.40$/m);
    expect(text).toMatch(/AmazonSQS\.SendMessageBatch +0\.00 +0\.10$/m);
  });

  it('counts the requests of clients separately, and leaves out the calls of the measuring', () => {
    expect(text).toMatch(/requests +1\.00 +0\.10$/m);
    for (const own of ['Door.GET', 'ReceiveMessage', 'IAM', 'SNS.POST']) expect(text).not.toContain(own);
  });

  it('counts the same call as observing or not, by the function that makes it', () => {
    expect(text).toMatch(/observing +0\.60 +1\.80$/m);
    expect(text.match(/BatchGetItem .*/g)).toEqual([
      expect.stringMatching(/0\.00 +0\.30$/),
      expect.stringMatching(/0\.10 +0\.00$/),
    ]);
  });
});
