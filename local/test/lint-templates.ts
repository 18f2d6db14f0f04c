import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, packagingLock, ROOT } from '@spillway/engine/paths.ts';
import { withTemporaryFolder } from '@spillway/engine/temporary-folder.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { packageService, templateFile } from '@spillway/shared/testing/package-service.ts';
import { execa } from 'execa';

/** Everything that a compiled template can depend on. */
const SOURCES = '{package-lock.json,serverless-compose.yml,{services,shared}/**/*.{ts,mjs,yml,json,vtl}}';
const GENERATED = ['node_modules', '.serverless', '.esbuild', '.esbuild-local'];

async function lint(TMPDIR: string): Promise<number> {
  process.env.TMPDIR = TMPDIR;
  const changedAt = Math.max(...listSources().map((file) => timeOf(join(ROOT, file))));
  for (const service of listServices()) if (timeOf(templateFile(service)) < changedAt) packageService(service);
  // not by the program cfn-lint, which contains the path of the folder in which it was installed
  const args = ['-c', 'from cfnlint.runner import main; main()', ...listServices().map(templateFile)];
  const { exitCode = 1 } = await execa(PYTHON, args, { cwd: ROOT, stdio: 'inherit', reject: false });
  return exitCode;
}

const listSources = () => globSync(SOURCES, { cwd: ROOT, exclude: (name) => GENERATED.includes(name) });

/** When a file was last written, as epoch milliseconds; 0 if there is no such file. */
const timeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * `npm run lint:templates`: checks the compiled templates with cfn-lint. It packages only the services whose template is
 * older than its sources: `npm test` has just packaged them for the template tests.
 */
process.exitCode = await withLock(packagingLock(ROOT), () => withTemporaryFolder(lint));
