import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvSyntaxError, csvRecords } from './csv.ts';

const read = (text: string, delimiter = ',') => [...csvRecords(text, delimiter)].map(({ fields }) => fields);
/** As our own reader is. */
const lenient = { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, skip_empty_lines: true };
const orRefusal = <T>(act: () => T) => {
  try {
    return act();
  } catch {
    return 'refused';
  }
};
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
const table = fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('CSV', () => {
  it('reads back whatever was written in quotes, with any line end and delimiter', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (rows, delimiter, end) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter) + end).join('');
          expect(read(text, delimiter)).toEqual(rows);
        },
      ),
    );
  });

  it('reads any text as the reference parser does, or refuses it as that one does', () => {
    const texts = fc
      .array(fc.constantFrom('"', '""', ',', ';', '\n', '\r\n', 'a', 'b c', 'é'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.constantFrom(',', ';'), (text, delimiter) => {
        const reference = () => parse(text, { ...lenient, delimiter });
        expect(orRefusal(() => read(text, delimiter))).toEqual(orRefusal(reference));
      }),
      { numRuns: 1000 },
    );
  });

  it('knows the line of each record, also behind a field that spans lines', () => {
    expect([...csvRecords('a\n"1\r\n2\n3"\n\nb', ',')].map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it('skips a byte order mark and blank lines', () => {
    expect(read('\ufeffa,b\n\n1,2')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it.each([
    ['"never closed', 'line 1'],
    ['a\n"b"c', 'line 2'],
    ['a"b', 'line 1'],
  ])('refuses %j and names the line', (text, line) => {
    expect(() => read(text)).toThrow(CsvSyntaxError);
    expect(() => read(text)).toThrow(line);
  });
});
