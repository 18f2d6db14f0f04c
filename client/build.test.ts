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
    const wrong = [
      "import { createClient } from '@spillway/client';",
      "const { jobs } = createClient({ apiUrl: '', apiKey: '', token: '' });",
      'await jobs.csvImport.submit({ csv: 7, columns: [] });',
      "(await jobs.csvImport.get('x')).result?.rejected.toUpperCase();",
      "jobs.orderFulfilment.list({ where: { noSuchField: '1' } });",
    ];
    writeFileSync(join(folder, 'wrong.ts'), wrong.join('\n'));
    expect(check().match(/wrong\.ts\(\d+/g)).toEqual(['wrong.ts(3', 'wrong.ts(4', 'wrong.ts(5']);
  });

  it('the built client is loaded by Node without TypeScript and without zod', () => {
    const script =
      "import('@spillway/client').then(({ createClient }) => console.log(Object.keys(createClient({}).jobs).includes('csvImport')))";
    const args = ['--no-experimental-strip-types', '--eval', script];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe('true\n');
  });
});
