import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { one, stage } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

describe('spillway submit, status and watch', () => {
  it.each(activeJobTypes().map(({ name }) => name))(
    'submits the example of %s with the CLI, shows its status and watches it succeed',
    async (type) => {
      const submitted = await spillway(['submit', type, ...as('one')]);
      expect([submitted.code, submitted.error]).toEqual([0, '']);
      const { jobId, acceptedAt } = JSON.parse(submitted.out);
      const { code, out } = await spillway(['status', type, jobId, '--accepted-at', acceptedAt, ...as('one')]);
      expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ jobId, type })]);
      const watched = await spillway(['watch', type, jobId, '--accepted-at', acceptedAt, ...as('one')]);
      expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('SUCCEEDED')]);
    },
  );

  it('submits an input from a file with a job id, and an input from standard input, with the CLI', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'spillway-')), 'input.json');
    // with a byte order mark, as some editors write it
    writeFileSync(file, `\uFEFF${JSON.stringify(csvImport.example.input)}`);
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

it('lists the newest jobs of a type with spillway list', async () => {
  const tenant = uniqueName();
  await spillway(['tenant', 'create', tenant]);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { jobId, acceptedAt } = JSON.parse((await spillway(['submit', 'csv-import', ...as(tenant)])).out);
    await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as(tenant)]);
    ids.unshift(jobId);
  }
  const list = async (...args: string[]) => {
    const { code, out } = await spillway(['list', 'csv-import', ...args, ...as(tenant)]);
    const lines = out.trim().split('\n').filter(Boolean);
    return { code, ids: lines.map((line) => JSON.parse(line).jobId) };
  };
  expect(await list()).toEqual({ code: 0, ids });
  expect(await list('--limit', '2', '--status', 'SUCCEEDED')).toEqual({ code: 0, ids: ids.slice(0, 2) });
  expect(await list('--status', 'FAILED')).toEqual({ code: 0, ids: [] });
});

it('prints the same token until it is about to expire with spillway token', async () => {
  const { code, out } = await spillway(['token', ...as('one')]);
  expect(code).toBe(0);
  const headers = { authorization: `Bearer ${out.trim()}`, 'x-api-key': one.apiKey };
  expect((await fetch(`${stage.apiUrl}/jobs/csv-import`, { headers })).status).toBe(200);
  expect((await spillway(['token', ...as('one')])).out).toBe(out);
});
