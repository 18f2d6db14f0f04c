import fc from 'fast-check';
import { callsTable } from './calls.ts';
import { median, tableOf, verdict } from './table.ts';

describe('a table for people', () => {
  it('stands in columns, numbers to the right', () => {
    const rows = [
      ['whole pipe', '98', 'with all'],
      ['loop', '1024', ''],
      ['share', '0.10', ''],
    ];
    expect(tableOf(rows)).toBe('  whole pipe    98  with all\n  loop        1024\n  share       0.10');
  });

  it('says of each aim whether it is met', () => {
    expect(verdict(130, 130, ' KB')).toBe('aim ≤ 130 KB: met');
    expect(verdict(3.51, 3.5)).toBe('aim ≤ 3.5: MISSED');
  });
});

describe('a median', () => {
  it('has as many numbers below as above', () => {
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

  it('are those between the door and the outcome; observing stands beside them', () => {
    const text = callsTable(counted, 100);
    expect(text).toContain('4.0 jobs a batch');
    expect(text).toMatch(/door to settled +3\.50 +aim ≤ 3\.5: met/);
    expect(text).toMatch(/observing +0\.30/);
    expect(text).not.toContain('Door.POST');
  });

  it('show what a job costs that comes again or ends in the archive', () => {
    const text = callsTable({ ...counted, 'AmazonSQS.ChangeMessageVisibility': 10, 'S3.PUT': 40 }, 100);
    expect(text).toMatch(/door to settled +4\.00 +aim ≤ 3\.5: MISSED/);
  });
});
