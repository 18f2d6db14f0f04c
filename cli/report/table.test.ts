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

  it('has the name of a column of numbers above their last digits', () => {
    const [header, row] = tableOf({ columns: ['tenant', 'jobs', 'note'], rows: [['a', '1234567', 'x']] }, 'jobs').split(
      '\n',
    );
    expect(header).toMatch(/^ {2}tenant {5}jobs {2}note/);
    expect(row).toMatch(/^ {2}a {7}1234567 {2}x /);
  });

  it.each([
    [80, 30],
    [40, 15],
    [33, 8],
    [32, 0],
    [10, 0],
  ])('leaves in a terminal of %d columns room for a bar of %d', (width, longest) => {
    const lines = tableOf(answer, 'jobs', width).split('\n');
    expect(lines[1]?.match(/█*$/)?.[0]).toHaveLength(longest);
    expect(lines[0]?.includes('█')).toBe(longest > 0);
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
