import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './services.ts';

/** What the Serverless CLI prints for a `serverless.ts` that throws. */
async function printed(serverlessTs: string): Promise<string> {
  // within the repository, so that our packages are found
  mkdirSync(join(ROOT, '.spillway'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.spillway/error-'));
  writeFileSync(join(folder, 'serverless.ts'), serverlessTs);
  const { PATH, HOME } = process.env;
  const options = { cwd: folder, env: { PATH, HOME, SLS_TELEMETRY_DISABLED: '1' } };
  try {
    return (await promisify(execFile)(join(ROOT, 'node_modules/.bin/serverless'), ['print'], options)).stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  { name: 'PackagingError', module: 'packaging/errors.ts' },
  { name: 'ContractError', module: 'contracts/job-type.ts' },
])(
  'the Serverless CLI prints a $name as its last line, without a stack',
  async ({ name, module }) => {
    const output = await printed(
      `import { ${name} } from '@spillway/shared/${module}';\nthrow new ${name}('write run.ts');`,
    );
    expect(output.trim().split('\n').at(-1)).toBe(
      `Cannot parse "serverless.ts": Initialization error: ${name}: write run.ts`,
    );
  },
  30_000,
);
