import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a browser of this machine is, or undefined. */
export const CHROMIUM = NAMES.flatMap((name) =>
  (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
).find((file) => existsSync(file));

/** Opens a page in a browser of its own. @returns what closes it */
export function openPage(url: string): () => Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const flags = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
  ];
  // its own sandbox does not work for root, and the page is ours
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: ChildProcess = spawn(CHROMIUM ?? '', [...flags, ...sandbox, url], { stdio: 'ignore' });
  const closed = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  return async () => {
    browser.kill();
    await closed;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}
