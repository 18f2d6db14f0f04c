import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { eventually, one, stage } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

describe('spillway submit, status and watch', () => {
  // a durable job waits for a person, or needs an upload
  const unattended = activeJobTypes().filter(({ run }) => run !== 'durable');
  it.each(unattended.map(({ name }) => name))(
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
    // as npm says in which folder it was called
    const inFolder = { INIT_CWD: dirname(file) };
    const fromFile = await spillway(
      ['submit', 'csv-import', '--input', 'input.json', '--id', jobId, ...as('one')],
      inFolder,
    );
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

it('decides about a job with spillway decide, and says when the same decision was recorded if it is sent again', async () => {
  const { jobId, acceptedAt } = JSON.parse((await spillway(['submit', 'document-approval', ...as('one')])).out);
  const job = ['document-approval', jobId];
  await eventually('the question', async () => {
    const { out } = await spillway(['status', ...job, '--accepted-at', acceptedAt, ...as('one')]);
    return JSON.parse(out).status === 'WAITING';
  });
  const decide = (decision: string) => spillway(['decide', ...job, decision, ...as('one')]);
  expect(JSON.parse((await decide('reject')).out)).toEqual({ jobId, decision: 'reject' });
  const again = await decide('reject');
  expect([again.code, JSON.parse(again.out)]).toEqual([
    0,
    { jobId, decision: 'reject', recordedAt: expect.any(String) },
  ]);
  const other = await decide('approve');
  expect([other.code, other.error]).toEqual([1, expect.stringMatching(/already decided about job .*: reject/)]);
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

it('lists the jobs whose input has a value with spillway list --where', async () => {
  const orderId = uniqueName();
  const input = JSON.stringify({ ...orderFulfilment.example.input, orderId });
  const submitted = await spillway(['submit', 'order-fulfilment', '--input', '-', ...as('one')], { input });
  const { jobId, acceptedAt } = JSON.parse(submitted.out);
  await spillway(['watch', 'order-fulfilment', jobId, '--accepted-at', acceptedAt, ...as('one')]);
  const found = await spillway(['list', 'order-fulfilment', '--where', `orderId=${orderId}`, ...as('one')]);
  expect([
    found.code,
    found.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).jobId),
  ]).toEqual([0, [jobId]]);
  const unknown = await spillway(['list', 'csv-import', '--where', `orderId=${orderId}`, ...as('one')]);
  expect([unknown.code, unknown.error]).toEqual([1, expect.stringContaining('orderId: there is no such parameter')]);
});

describe('spillway batch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { input } = csvImport.example;
  const outcomesIn = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('submits each line of a file and says what became of it, and exits with 1 if any was refused', async () => {
    const id = uniqueName();
    const lines = [{ id, input }, { input: { csv: 7 } }, { input }].map((entry) => JSON.stringify(entry));
    const file = write('jobs.jsonl', `\uFEFF${lines.join('\r\n')}\n\n`);
    const { code, out, error } = await spillway(['batch', 'csv-import', file, ...as('one')]);
    expect([code, error]).toEqual([1, 'Accepted: 2. Refused: 1.\n']);
    expect(outcomesIn(out)).toEqual([
      expect.objectContaining({ jobId: id, status: 'QUEUED' }),
      { jobId: expect.any(String), problem: expect.objectContaining({ status: 400 }) },
      expect.objectContaining({ status: 'QUEUED' }),
    ]);
    const [first] = outcomesIn(out);
    const acceptedAt = first.links.self.split('acceptedAt=')[1];
    const watched = await spillway(['watch', 'csv-import', id, '--accepted-at', acceptedAt, ...as('one')]);
    expect(watched.out).toContain('SUCCEEDED');
  });

  it('submits the list in a .json file', async () => {
    const file = write('jobs.json', JSON.stringify([{ input }, { input }]));
    const args = ['batch', 'csv-import', basename(file), ...as('one')];
    const { code, out } = await spillway(args, { INIT_CWD: folder });
    expect([code, outcomesIn(out)]).toEqual([0, Array(2).fill(expect.objectContaining({ status: 'QUEUED' }))]);
  });

  it.each([
    ['a line that is not JSON', 'a.jsonl', '{"input":{}}\n{"input":', 'Line 2 is not JSON.'],
    ['a line without an input', 'b.jsonl', '{"id":"a"}', 'Line 1 has no "input".'],
    ['a misspelt field', 'c.jsonl', '{"input":{},"runafter":"3"}', 'unknown field "runafter": use input, '],
    ['a .json file without a list', 'd.json', '{"input":{}}', 'is not a list of jobs'],
    ['a .json file that is not JSON', 'e.json', '[{', 'cannot be read: '],
  ])('sends nothing of a file with %s, and names the place', async (_, name, text, reason) => {
    const ran = await spillway(['batch', 'csv-import', write(name, text), ...as('one')]);
    expect([ran.code, ran.out, ran.error]).toEqual([2, '', expect.stringContaining(reason)]);
  });

  it('says that a file is missing', async () => {
    const ran = await spillway(['batch', 'csv-import', '/nowhere.jsonl', ...as('one')]);
    expect([ran.code, ran.error]).toEqual([2, expect.stringContaining('/nowhere.jsonl cannot be read')]);
  });
});

it('prints the same token until it is about to expire with spillway token', async () => {
  const { code, out } = await spillway(['token', ...as('one')]);
  expect(code).toBe(0);
  const headers = { authorization: `Bearer ${out.trim()}`, 'x-api-key': one.apiKey };
  expect((await fetch(`${stage.apiUrl}/jobs/csv-import`, { headers })).status).toBe(200);
  expect((await spillway(['token', ...as('one')])).out).toBe(out);
});
