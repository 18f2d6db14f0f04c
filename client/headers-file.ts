import { rmSync, writeFileSync } from 'node:fs';
import type { Access } from './front-door.ts';

/** Writes a caller's headers into a file that only its owner can read, so that `curl -H @file` needs no long token. */
export function writeHeadersFile(file: string, { token, apiKey }: Access): void {
  const headers = [`authorization: Bearer ${token}`, `x-api-key: ${apiKey}`, 'content-type: application/json'];
  // the mode applies only to a new file
  rmSync(file, { force: true });
  writeFileSync(file, `${headers.join('\n')}\n`, { mode: 0o600 });
}
