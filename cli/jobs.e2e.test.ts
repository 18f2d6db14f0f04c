import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

describe('spillway submit, status and watch', () => {
  it.each(activeJobTypes().map(({ name }) => name))(
    'submits the example of %s with the CLI and shows its status',
    async (type) => {
      const submitted = await spillway(['submit', type, ...as('one')]);
      expect([submitted.code, submitted.error]).toEqual([0, '']);
      const { jobId, acceptedAt } = JSON.parse(submitted.out);
      const { code, out } = await spillway(['status', type, jobId, '--accepted-at', acceptedAt, ...as('one')]);
      expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ jobId, type })]);
    },
  );

  it('submits an input from a file with a job id, and an input from standard input, with the CLI', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'spillway-')), 'input.json');
    writeFileSync(file, JSON.stringify(csvImport.example.input));
    const jobId = uniqueName();
    const fromFile = await spillway(['submit', 'csv-import', '--input', file, '--id', jobId, ...as('one')]);
    expect(JSON.parse(fromFile.out)).toMatchObject({ jobId, status: 'QUEUED' });
    const fromInput = ['submit', 'csv-import', '--input', '-', ...as('one')];
    expect((await spillway(fromInput, { input: JSON.stringify(csvImport.example.input) })).code).toBe(0);
    const { acceptedAt } = JSON.parse(fromFile.out);
    const watched = await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as('one')]);
    expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('SUCCEEDED (attempt 1)')]);
  });
});

it('exits with 1 and prints the error when spillway watch watches a job that fails', async () => {
  const input = JSON.stringify({ ...csvImport.example.input, csv: '"never closed' });
  const { out } = await spillway(['submit', 'csv-import', '--input', '-', ...as('one')], { input });
  const { jobId, acceptedAt } = JSON.parse(out);
  const watched = await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as('one')]);
  expect([watched.code, watched.out]).toEqual([1, expect.stringContaining('CSV_MALFORMED')]);
});
