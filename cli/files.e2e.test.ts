import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-'));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const { input } = csvImport.example;
const { csv = '', ...rules } = input;

it('uploads a file with spillway upload, shows how far it is, and prints the pointer, which a job opens', async () => {
  const path = write('rows.csv', csv);
  const { code, out, error } = await spillway(['upload', path, ...as('one')]);
  expect([code, out]).toEqual([0, expect.stringMatching(/^upload-[0-9a-f]{32}\n$/)]);
  expect(error).toBe(`[${'#'.repeat(30)}] UPLOADED ${csv.length} bytes of ${csv.length} bytes\n`);
  const job = ['submit', 'csv-import', '--input', '-', ...as('one')];
  const submitted = await spillway(job, { input: JSON.stringify({ ...rules, file: out.trim() }) });
  const { jobId, acceptedAt } = JSON.parse(submitted.out);
  const watched = await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as('one')]);
  expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('"allRows": "http')]);
  const json = await spillway(['upload', 'rows.csv', '--json', ...as('one')], { INIT_CWD: folder });
  expect(JSON.parse(json.out)).toMatchObject({ bytes: csv.length, contentType: 'text/csv' });
});

it('submits the lines of a file with spillway bulk, counts them, and links to the reasons of those it refused', async () => {
  const id = uniqueName();
  const good = JSON.stringify({ id, input });
  const path = write('jobs.jsonl', `${good}\n{"input":{"csv":7}}\n${JSON.stringify({ input })}\n`);
  const { code, out, error } = await spillway(['bulk', 'csv-import', path, '--rate', '100', ...as('one')]);
  expect([code, error]).toEqual([
    1,
    expect.stringMatching(
      /UPLOADED.*\nUploaded as upload-.*\nIf you stop this command, the job bulk-submit \S+ continues.*SUCCEEDED/s,
    ),
  ]);
  const [counts, report = ''] = out.trim().split('\n');
  expect(counts).toBe('Submitted: 2. Refused: 1.');
  const lines = await fetch(report.replace('Refused lines with reasons: ', ''));
  expect(await lines.json()).toEqual({ line: 2, reason: expect.stringContaining('csv') });
  // the line without an id is the same job again
  const upload = /Uploaded as (upload-[0-9a-f]{32})/.exec(error)?.[1] ?? '';
  const again = await spillway(['bulk', 'csv-import', '--upload', upload, ...as('one')]);
  expect([again.code, again.out]).toEqual([1, expect.stringContaining('Submitted: 2. Refused: 1.')]);
  expect(again.error).not.toContain('UPLOAD');
  const line3 = `${upload.slice('upload-'.length)}.3`;
  const watched = await spillway(['watch', 'csv-import', line3, '--accepted-at', `${Date.now()}`, ...as('one')]);
  expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('SUCCEEDED')]);
  const all = await spillway(['bulk', 'csv-import', write('good.jsonl', good), '--json', ...as('one')]);
  expect([all.code, JSON.parse(all.out)]).toEqual([
    0,
    expect.objectContaining({ status: 'SUCCEEDED', result: { submitted: 1, refused: 0 } }),
  ]);
});

it('spillway bulk takes either a file or the pointer of one, and refuses both and neither', async () => {
  const pointer = `upload-${'a'.repeat(32)}`;
  for (const sources of [[], ['jobs.jsonl', '--upload', pointer]]) {
    const { code, error } = await spillway(['bulk', 'csv-import', ...sources, ...as('one')]);
    expect([code, error]).toEqual([2, expect.stringContaining('--upload')]);
  }
});

it('says why a file was not submitted with spillway bulk', async () => {
  const path = write('rows.csv', csv);
  const { code, out, error } = await spillway(['bulk', 'csv-import', path, ...as('one')]);
  expect([code, out]).toEqual([1, '']);
  expect(error.trim().split('\n').at(-1)).toMatch(/^The file was not submitted: .*JSON/);
});

it('schedules a job with spillway submit --run-after, moves it to now with spillway move, and cannot move it then', async () => {
  const id = uniqueName();
  const submitted = await spillway(['submit', 'csv-import', '--id', id, '--run-after', '3600', ...as('one')]);
  expect(JSON.parse(submitted.out)).toMatchObject({ jobId: id, status: 'SCHEDULED' });
  const { acceptedAt } = JSON.parse(submitted.out);
  // until its consumer has seen it
  let moved = await spillway(['move', 'csv-import', id, '0', ...as('one')]);
  while (moved.error.includes('(404)')) moved = await spillway(['move', 'csv-import', id, '0', ...as('one')]);
  expect(JSON.parse(moved.out)).toMatchObject({ jobId: id, status: 'SCHEDULED' });
  const watched = await spillway(['watch', 'csv-import', id, '--accepted-at', acceptedAt, ...as('one')]);
  expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('SUCCEEDED')]);
  const late = await spillway(['move', 'csv-import', id, '60', ...as('one')]);
  expect([late.code, late.error]).toEqual([1, expect.stringContaining('SUCCEEDED')]);
});
