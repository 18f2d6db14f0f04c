import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('the help fits in 80 columns', () => {
  const help = execFileSync(process.execPath, [join(__dirname, 'spillway.ts'), 'help'], { encoding: 'utf8' });
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
