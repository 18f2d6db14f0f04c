import { one } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

it('lists failures and shows one with spillway failures, by the name of a local tenant or its id', async () => {
  const id = uniqueName();
  const input = JSON.stringify({ ...csvImport.example.input, csv: '"never closed' });
  const submitted = await spillway(['submit', 'csv-import', '--id', id, '--input', '-', ...as('one')], { input });
  const { acceptedAt } = JSON.parse(submitted.out);
  await spillway(['watch', 'csv-import', id, '--accepted-at', acceptedAt, ...as('one')]);
  const listed = await spillway(['failures', '--type', 'csv-import', '--tenant', 'one', '--code', 'CSV_MALFORMED']);
  expect([listed.code, listed.error]).toEqual([0, '']);
  const found = listed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(found).toContainEqual(expect.objectContaining({ tenant: one.clientId, jobId: id, code: 'CSV_MALFORMED' }));
  const shown = await spillway(['failures', 'show', one.clientId, 'csv-import', id]);
  expect([shown.code, shown.error]).toEqual([0, '']);
  const failure = JSON.parse(shown.out);
  expect(failure).toMatchObject({ jobId: id, status: 'FAILED', code: 'CSV_MALFORMED' });
  expect(shown.out.split(failure.message)).toHaveLength(2);
  // the AWS console has no logs of the local engine
  expect(failure).not.toHaveProperty('links');
  expect(Object.keys(failure.attributes).sort()).toEqual(['acceptedAt', 'jobId', 'requestId', 'tenant']);
});

it('counts failures with spillway replay --dry-run, replays one with --yes and a progress bar, and asks first without it', async () => {
  const id = uniqueName();
  const input = JSON.stringify({ ...csvImport.example.input, csv: '"never closed' });
  const submitted = await spillway(['submit', 'csv-import', '--id', id, '--input', '-', ...as('one')], { input });
  const { acceptedAt } = JSON.parse(submitted.out);
  await spillway(['watch', 'csv-import', id, '--accepted-at', acceptedAt, ...as('one')]);
  const job = ['replay', '--job', `one/csv-import/${id}`];
  expect(await spillway([...job, '--dry-run'])).toEqual({ code: 0, out: '1 to replay.\n', error: '' });
  expect(await spillway(job)).toMatchObject({ code: 2, error: expect.stringContaining('Nothing was replayed.') });
  const { code, out, error } = await spillway([...job, '--yes']);
  expect([code, out, error]).toEqual([0, expect.stringContaining('"replayed": 1'), expect.stringContaining('[####')]);
  expect((await spillway(['replay', '--yes'])).error).toContain('filter: is empty');
});

it('makes a new job of a failure with spillway replay --as-new-job', async () => {
  const id = uniqueName();
  const input = JSON.stringify({ ...csvImport.example.input, csv: '"never closed' });
  const submitted = await spillway(['submit', 'csv-import', '--id', id, '--input', '-', ...as('one')], { input });
  const { acceptedAt } = JSON.parse(submitted.out);
  await spillway(['watch', 'csv-import', id, '--accepted-at', acceptedAt, ...as('one')]);
  const { code, out } = await spillway(['replay', '--job', `one/csv-import/${id}`, '--as-new-job', '--yes']);
  expect([code, out]).toEqual([0, expect.stringContaining('"replayed": 1')]);
  const shown = JSON.parse((await spillway(['failures', 'show', one.clientId, 'csv-import', id])).out);
  expect(shown).toMatchObject({ status: 'FAILED', replayedAs: expect.stringMatching(/^[0-9a-f]{32}$/) });
});
