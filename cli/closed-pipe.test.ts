import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

it('a reader that has seen enough, such as head, ends a command without an error', async () => {
  const command = spawn(process.execPath, [join(__dirname, 'spillway.ts'), 'help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // long before anything is printed
  command.stdout.destroy();
  const [error, [code]] = await Promise.all([text(command.stderr), once(command, 'exit')]);
  expect([code, error]).toEqual([0, '']);
});
