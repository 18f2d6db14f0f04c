import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

/** A strict project of somebody else that uses the built client, and has nothing of ours but it. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  const client = join(folder, 'node_modules/@spillway/client');
  mkdirSync(dirname(client), { recursive: true });
  execFileSync(process.execPath, [join(__dirname, 'build.ts'), client]);
  symlinkSync(join(ROOT, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

describe('the built client', () => {
  const folder = project();
  const check = () =>
    spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', folder], { encoding: 'utf8' }).stdout;

  it('the built client has types without any other package of ours, and refuses an input that does not fit its contract', () => {
    copyFileSync(join(__dirname, 'testing/readme-example.ts'), join(folder, 'example.ts'));
    expect(check()).toBe('');
    const right = [
      "import { createClient } from '@spillway/client';",
      "const { jobs, jobsOf, schedules } = createClient({ apiUrl: '', apiKey: '', token: '' });",
      "await jobs.csvImport.submit({ csv: 'a', columns: [{ name: 'a', type: 'string' }] });",
      "await jobs.documentApproval.decide('x', 'approve', { comment: 'Good to go.' });",
      "await jobs.csvImport.move('x', new Date());",
      "const file = await jobs.csvImport.upload(new Blob(['a']), { onProgress: ({ sent, bytes }) => sent / bytes });",
      'await jobs.csvImport.submit({ file, columns: [] });',
      "(await jobs.ledgerPosting.bulk(new Blob(['{}']))).result?.submitted.toFixed();",
      'await jobs.bulkSubmit.submit({ type: "csv-import", upload: await jobs.bulkSubmit.upload(new File([], "x")) });',
      "await schedules.put('nightly', { type: 'csv-import', input: { csv: 'a', columns: [] }, expression: 'rate(1 day)' });",
      "await schedules.put('nightly', { type: String(Date.now()), input: 7, expression: 'rate(1 day)' });",
      "await jobsOf('their-type').decide('x', 'reject');",
    ];
    writeFileSync(join(folder, 'right.ts'), right.join('\n'));
    expect(check()).toBe('');
    const wrong = [
      "import { createClient } from '@spillway/client';",
      "const { jobs } = createClient({ apiUrl: '', apiKey: '', token: '' });",
      'await jobs.csvImport.submit({ csv: 7, columns: [] });',
      "(await jobs.csvImport.get('x')).result?.rejected.toUpperCase();",
      "jobs.orderFulfilment.list({ where: { noSuchField: '1' } });",
      "jobs.orderFulfilment.list({ where: { payment: '1' } });",
      "jobs.csvImport.list({ where: { csv: 'x' } });",
      "jobs.csvImport.decide('x', 'approve');",
      "jobs.documentApproval.decide('x', 'perhaps');",
      "jobs.csvImport.move('x', { runAfter: 1 });",
      'jobs.noSuchType;',
      "schedules.put('nightly', { type: 'csv-import', input: { csv: 7 }, expression: 'rate(1 day)' });",
      "jobs.ledgerPosting.upload(new Blob(['a']));",
      "jobs.bulkSubmit.bulk(new Blob(['a']));",
      "jobs.csvImport.upload('rows.csv');",
    ];
    writeFileSync(join(folder, 'wrong.ts'), wrong.join('\n'));
    const lines = Array.from({ length: wrong.length - 2 }, (_, n) => `wrong.ts(${n + 3}`);
    expect(check().match(/wrong\.ts\(\d+/g)).toEqual(lines);
  });

  it('the built client is loaded by Node without TypeScript and without zod', () => {
    const script =
      "import('@spillway/client').then(({ createClient }) => console.log(Object.keys(createClient({}).jobs).includes('csvImport')))";
    const args = ['--no-experimental-strip-types', '--eval', script];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe('true\n');
  });
});
