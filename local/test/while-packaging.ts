import { packagingLock, ROOT } from '@spillway/engine/paths.ts';
import { withTemporaryFolder } from '@spillway/engine/temporary-folder.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import { execa } from 'execa';

/**
 * Runs a command that packages the services, such as the template tests, while nothing else packages them: `npm start` may
 * deploy at the same time.
 */
const [command = '', ...args] = process.argv.slice(2);
process.exitCode = await withLock(packagingLock(ROOT), () =>
  withTemporaryFolder(async (TMPDIR) => {
    const { exitCode = 1 } = await execa(command, args, {
      cwd: ROOT,
      env: { TMPDIR },
      stdio: 'inherit',
      reject: false,
    });
    return exitCode;
  }),
);
