import { fit } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { run } from './run.ts';

const job = sampleJob();
const { columns } = csvImport.example.input;
const importing = (csv: string, rules = columns) => run({ csv, delimiter: ',', columns: rules }, job);

describe('csv-import', () => {
  it('imports its example with the result of the contract', async () => {
    expect(await run(csvImport.example.input, job)).toEqual(csvImport.example.result);
  });

  it('imports an uploaded file like one in the body, and writes all rows into a file of the result', async () => {
    const { csv = '', ...others } = csvImport.example.input;
    const written: string[] = [];
    const opened: string[] = [];
    const result = await run(
      { ...others, file: 'upload-1' },
      sampleJob({
        open: async (pointer) => {
          opened.push(pointer);
          const bytes = Buffer.from(csv);
          return {
            bytes: bytes.length,
            contentType: 'text/csv',
            etag: '"1"',
            stream: async function* () {
              yield bytes;
            },
          };
        },
        write: () => ({ write: async (text) => void written.push(text), end: async () => 'payload:rows' }),
      }),
    );
    expect(result).toEqual({ ...csvImport.example.result, allRows: 'payload:rows' });
    expect(fit(csvImport.result, result).success).toBe(true);
    expect([opened, written]).toEqual([['upload-1'], ['{"sku":"A-100","quantity":12,"restocked":"2026-03-01"}\n']]);
  });

  it('takes either the text of a file or the pointer to one', () => {
    const { csv, ...others } = csvImport.example.input;
    const file = `upload-${'0'.repeat(32)}`;
    const fits = (input: object) => fit(csvImport.input, input).success;
    expect([fits({ ...others, csv }), fits({ ...others, file })]).toEqual([true, true]);
    expect([fits(others), fits({ ...others, csv, file }), fits({ ...others, file: 'x' })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['a missing column', 'sku\nA\n', 'missing "quantity"'],
    ['a repeated column', 'sku,sku,quantity\n', 'repeated "sku"'],
    ['an unknown column', 'sku,quantity,colour\n', 'unknown "colour"'],
  ])('fails an import at once on %s', async (_, csv, reason) => {
    await expect(importing(csv)).rejects.toMatchObject({
      name: 'PermanentJobError',
      message: expect.stringContaining(reason),
    });
  });

  it('fails an import within seconds even if the whole file is a header', async () => {
    const names = Array.from({ length: 200_000 }, (_, n) => n.toString(36));
    // CPU time, because other tests run at the same time
    const before = process.cpuUsage();
    await expect(importing(names.join(','))).rejects.toMatchObject({ code: 'CSV_HEADER_REFUSED' });
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(6);
  });

  it('rejects a row of a CSV with every reason', async () => {
    const { rejections } = await importing('sku,quantity,restocked\n,x,yesterday\n');
    expect(rejections).toEqual([
      {
        line: 2,
        reasons: [
          'sku: is required',
          'quantity: "x" is not an integer',
          'restocked: "yesterday" is not a date (YYYY-MM-DD)',
        ],
      },
    ]);
  });

  it('rejects numbers that a JSON number cannot hold, with that reason', async () => {
    const rules = [
      { name: 'n', type: 'integer', required: true },
      { name: 'p', type: 'decimal', required: true },
    ] as const;
    const { rejections } = await importing('n,p\n9007199254740993,12345678901234567.89\n', [...rules]);
    expect(rejections[0]?.reasons).toEqual([
      'n: "9007199254740993" is beyond ±9007199254740991, the limit of JSON numbers: use a string column',
      'p: "12345678901234567.89" has more digits than a JSON number can hold: use a string column',
    ]);
  });

  it.each(['tom&jerry@example.com', "o'connor@example.com", 'info@xn--80a1acny.xn--p1ai'])(
    'accepts the e-mail address %s',
    async (address) => {
      const { accepted } = await importing(`e\n${address}\n`, [{ name: 'e', type: 'email', required: true }]);
      expect(accepted).toBe(1);
    },
  );

  it.each(['a@b', 'a b@example.com', 'a@-example.com', '@example.com', 'a@example..com'])(
    'rejects the e-mail address %s',
    async (address) => {
      const { rejected } = await importing(`e\n${address}\n`, [{ name: 'e', type: 'email', required: true }]);
      expect(rejected).toBe(1);
    },
  );

  it('keeps the values of a column with any name', async () => {
    const names = ['__proto__', 'constructor', 'toString', '2', '1'];
    const rules = names.map((name) => ({ name, type: 'string' as const, required: true }));
    const result = await importing(`${names.join(',')}\n${names.join(',')}\n`, rules);
    const checked = fit(csvImport.result, result).data;
    const [row] = JSON.parse(JSON.stringify(checked)).rows;
    expect(Object.entries(row).toSorted()).toEqual(names.map((name) => [name, name]).toSorted());
  });

  it('counts all rows of a large CSV and lists only the first ones', async () => {
    const csv = `sku,quantity,restocked\n${'A,1,2026-01-01\n'.repeat(30_000)}`;
    const result = await importing(csv);
    expect(result.accepted).toBe(30_000);
    expect(result.rows).toHaveLength(1000);
  });

  it('stops an import when its time is up while it reads a large file', async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error('time is up')), 5);
    const csv = `sku,quantity,restocked\n${'A,1,2026-01-01\n'.repeat(60_000)}`;
    const running = run({ csv, delimiter: ',', columns }, { ...job, signal: controller.signal });
    await expect(running).rejects.toThrow('time is up');
    clearTimeout(timer);
  });
});
