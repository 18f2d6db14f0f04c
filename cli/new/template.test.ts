import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyRepository } from '@spillway/e2e/test-tree.ts';
import { writeGenerated } from './new-files.ts';
import { newJobType } from './new-job-type.ts';
import { newService } from './new-service.ts';

const tree = mkdtempSync(join(tmpdir(), 'generated-'));

/** A command in the copy of the repository, as a person would type it there. @returns what it printed */
async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const { PATH, HOME } = process.env;
  const options = { cwd: join(tree, folder), env: { PATH, HOME, SLS_TELEMETRY_DISABLED: '1' } };
  try {
    const { stdout, stderr } = await promisify(execFile)(join(tree, 'node_modules/.bin', command), args, options);
    return stdout + stderr;
  } catch (error) {
    // the message names only the command
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}${stderr}`);
  }
}

beforeAll(() => {
  copyRepository(tree);
  writeGenerated(tree, newService(tree, 'shipping'));
  for (const jobType of [
    { name: 'word-count', service: 'processing' },
    { name: 'parcel-label', service: 'shipping', run: 'express' },
    { name: 'parcel-claim', service: 'shipping', run: 'durable' },
    { name: 'parcel-move', service: 'shipping', ordered: 'text' },
  ] as const) {
    writeGenerated(tree, newJobType(tree, jobType));
  }
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const SECONDS = 1000;

it(
  'generated job types and services fit their contracts, types and the code style',
  async () => {
    await run('.', 'tsc', '--project', '.');
    await run('.', 'biome', 'ci', '.');
  },
  120 * SECONDS,
);

it(
  'generated tests pass, and so do those of the compiled template of a generated service',
  async () => {
    const generated = ['--testPathPatterns', 'shipping', 'word-count'];
    expect(await run('.', 'jest', '--selectProjects', 'unit', 'templates', ...generated)).toMatch(/5 passed, 5 total/);
  },
  120 * SECONDS,
);

it(
  'the front door opens routes for generated job types',
  async () => {
    expect(await run('services/ingress', 'serverless', 'package', '--stage', 'solo')).toContain('Service packaged');
  },
  120 * SECONDS,
);
