import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

const PARENT = join(__dirname, '../../.spillway/tmp');

/** Gives the tests a temporary folder that `jest-global-teardown.ts` deletes, so that no test needs to clean up after itself. */
export default function createTemporaryFolder(): void {
  mkdirSync(PARENT, { recursive: true });
  process.env.TMPDIR = mkdtempSync(join(PARENT, 'jest-'));
}
