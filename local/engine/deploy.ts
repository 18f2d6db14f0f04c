import { join } from 'node:path';
import { withLock } from '@spillway/setup/lock.mjs';
import { execa } from 'execa';
import { deployError } from './deploy-failure.ts';
import type { Engine } from './engine.ts';
import { engineEnvironment, STAGE } from './engine-environment.ts';
import { packagingLock, ROOT } from './paths.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

interface DeployOptions {
  /** The tree to deploy. */
  root?: string;
  /** Sees each line that the Serverless CLI prints. */
  onLine?: (line: string) => void;
}

/**
 * Packages all services and deploys them to an engine, by the real Serverless CLI and `serverless-compose.yml`.
 *
 * @throws LocalError that says what is wrong with a contract or a folder, or else shows the end of the CLI's output
 */
export const deployAll = (engine: Engine, { root = ROOT, onLine = () => {} }: DeployOptions = {}): Promise<void> =>
  withLock(packagingLock(root), () => withTemporaryFolder((TMPDIR) => deploy(engine, root, TMPDIR, onLine)));

async function deploy(engine: Engine, root: string, TMPDIR: string, onLine: (line: string) => void): Promise<void> {
  const child = execa(join(ROOT, 'node_modules/.bin/serverless'), ['deploy', '--stage', STAGE], {
    cwd: root,
    env: { ...engineEnvironment(engine.endpoint), TMPDIR },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    // in its own process group together with the CLI of each service, so that all of them end with us
    detached: true,
  });
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  process.once('exit', end);
  for await (const line of child.iterable({ from: 'all' })) onLine(line.trim());
  const { exitCode, all } = await child;
  process.removeListener('exit', end);
  if (exitCode !== 0) throw deployError(all);
}
