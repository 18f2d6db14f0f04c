import { csvOf, objectsOf, tableOf } from './table.ts';

const answer = {
  columns: ['reason', 'jobs'],
  rows: [
    ['a "quoted", one', '10'],
    ['', '5'],
  ],
};

describe('the answer to a report', () => {
  it('is a table in which the longest bar belongs to the largest number, under the name of its column', () => {
    const [header, first, second] = tableOf(answer, 'jobs').split('\n');
    expect(header).toBe('  reason           jobs  █ jobs');
    expect(first).toBe(`  a "quoted", one    10  ${'█'.repeat(30)}`);
    expect(second).toMatch(/ 5 {2}█{15}$/);
  });

  it('says that there is nothing instead of an empty table', () => {
    expect(tableOf({ columns: ['jobs'], rows: [] }, 'jobs')).toBe('  nothing');
  });

  it('is CSV with quotes where a value needs them', () => {
    expect(csvOf(answer)).toBe('reason,jobs\r\n"a ""quoted"", one",10\r\n,5\r\n');
  });

  it('is JSON with numbers, and null where there is no value', () => {
    expect(objectsOf(answer)).toEqual([
      { reason: 'a "quoted", one', jobs: 10 },
      { reason: null, jobs: 5 },
    ]);
  });
});
