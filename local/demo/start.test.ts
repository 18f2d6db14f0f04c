import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const START = join(__dirname, 'start.ts');
const start = (args: string[], environment: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [START, ...args], { env: { ...process.env, ...environment }, encoding: 'utf8' });

describe('npm start with an option that it cannot use', () => {
  it.each([
    ['a misspelt option', ['--onec'], {}, 'Unknown option: --onec.'],
    ['an option that npm kept for itself', [], { npm_config_once: 'true' }, 'npm has kept --once for itself.'],
  ])('starts nothing for %s, and shows how to write it', (_, args, environment, what) => {
    const { status, stdout, stderr } = start(args, environment);
    expect([status, stdout, stderr]).toEqual([1, '', `${what} Usage: npm start, or npm start -- --once\n`]);
  });
});
