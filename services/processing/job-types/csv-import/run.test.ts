import type { Job } from '@spillway/shared/attempt/job.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { run } from './run.ts';

const job = { progress() {}, signal: new AbortController().signal } as unknown as Job;
const { columns } = csvImport.example.input;
const importing = (csv: string, rules = columns) => run({ csv, delimiter: ',', columns: rules }, job);

describe('csv-import', () => {
  it('imports its example with the result of the contract', async () => {
    expect(await run(csvImport.example.input, job)).toEqual(csvImport.example.result);
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
    const start = performance.now();
    await expect(importing(names.join(','))).rejects.toMatchObject({ code: 'CSV_HEADER_REFUSED' });
    expect(performance.now() - start).toBeLessThan(5000);
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
