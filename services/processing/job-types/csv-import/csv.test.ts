import fc from 'fast-check';
import { type CsvRecord, csvRecords } from './csv.ts';

const read = (text: string, delimiter = ',') => readPieces([Buffer.from(text)], delimiter);

async function readPieces(pieces: Parameters<typeof csvRecords>[0], delimiter = ','): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(pieces, delimiter)) records.push(record);
  return records;
}
const fieldsOf = (records: CsvRecord[]) => records.map(({ fields }) => fields);
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const field = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '"', ',', 'é', '😀', '\n', '\r\n', '\r') }));
const row = fc.array(field, { minLength: 1, maxLength: 5 });

describe('csvRecords', () => {
  it('reads back any quoted CSV, with any line end and delimiter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 8 }),
        fc.constantFrom(',', ';', '\t'),
        lineEnd,
        async (rows, delimiter, end) => {
          const text = rows.map((fields) => fields.map(quoted).join(delimiter) + end).join('');
          expect(fieldsOf(await read(text, delimiter))).toEqual(rows);
        },
      ),
    );
  });

  it('finds the line of each CSV record, whatever line breaks and blank lines are in and between the records', async () => {
    const records = fc.array(fc.record({ fields: row, end: lineEnd, blank: fc.array(lineEnd, { maxLength: 2 }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(records, async (written) => {
        const lines: number[] = [];
        let text = '';
        for (const { fields, end, blank } of written) {
          // a line that ends in CR and is followed by LF is one line
          const gap = text.endsWith('\r') ? blank.map((each) => (each === '\n' ? '\r\n' : each)) : blank;
          text += gap.join('');
          lines.push(text.split(/\r\n|\r|\n/).length);
          text += fields.map(quoted).join(',') + end;
        }
        expect((await read(text)).map(({ line }) => line)).toEqual(lines);
      }),
    );
  });

  it('counts a CRLF inside quotes of a CSV as one line break', async () => {
    expect((await read('a\n"1\r\n2\n3"\n\nb')).map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  it('skips a byte order mark and blank lines of a CSV, and still counts the lines', async () => {
    const records = await read('\ufeff\n"a",b\r\n\r\n1,2');
    expect(fieldsOf(records)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(records.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('says where each CSV record ends, in bytes', async () => {
    expect((await read('é\n😀\n')).map(({ end }) => end)).toEqual([3, 8]);
  });

  it('reads a CSV in pieces of any length as it reads it whole', async () => {
    const text = '\ufeffsku,name\r\nA,"é\n😀"\r\n\nB,x';
    const whole = await read(text);
    const bytes = Buffer.from(text);
    for (let size = 4; size < bytes.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      expect(await readPieces(pieces)).toEqual(whole);
    }
  });

  it('refuses a file that is not UTF-8, and one with a row that would not fit into memory', async () => {
    const reading = (...pieces: Uint8Array[]) => readPieces(pieces);
    await expect(reading(Buffer.from('a,b\n'), Buffer.from([0xff, 0xfe]))).rejects.toMatchObject({
      name: 'PermanentJobError',
      code: 'CSV_NOT_UTF8',
    });
    const long = new Array(10).fill(Buffer.alloc(1024 * 1024, 'x'));
    await expect(reading(Buffer.from('a\n"'), ...long)).rejects.toMatchObject({
      code: 'CSV_MALFORMED',
      message: expect.stringContaining('longer than 8 MiB'),
    });
  });

  it('passes on an error of the source of a CSV, so that the job is tried again', async () => {
    async function* broken() {
      yield Buffer.from('a,b\n1,2\n');
      throw new Error('the connection broke');
    }
    await expect(readPieces(broken())).rejects.toThrow('the connection broke');
  });

  it.each([
    ['a quoted field that is never closed', 'a\r\n\n"1\r\n2', 'line 3'],
    ['text after a closing quote', 'a\n"b"c', 'line 2'],
    ['a space after a closing quote, behind a field of two lines', 'a,b\n"1\r\n",2\n"1","2" \n', 'line 4'],
    ['a quote inside a plain field', 'a,b\nx,1\n5" pipe,1\n', 'line 3'],
    ['an error behind a byte order mark', '\ufeff\na"b', 'line 2'],
  ])('refuses a CSV with %s and names the line', async (_, text, line) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'PermanentJobError',
      code: 'CSV_MALFORMED',
      message: expect.stringContaining(`${line}:`),
    });
  });

  it.each([
    ['half a million rows with another number of fields than the header', `a,b\n${'1\n'.repeat(524_286)}`, 524_287],
    ['one quoted field', `"${'x\r\n'.repeat(349_525)}"`, 1],
    ['blank lines', `a${'\n'.repeat(1_048_575)}`, 1],
    ['one record of empty fields', ','.repeat(1_048_576), 1],
  ])(
    'reads a CSV of 1 MiB within seconds even if it is %s',
    async (_, text, count) => {
      // CPU time, because other tests run at the same time
      const before = process.cpuUsage();
      expect((await read(text)).length).toBe(count);
      expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(6);
    },
    60_000,
  );
});
