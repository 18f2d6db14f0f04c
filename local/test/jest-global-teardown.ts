import { rmSync } from 'node:fs';

export default function deleteTemporaryFolder(): void {
  rmSync(process.env.TMPDIR ?? '', { recursive: true, force: true, maxRetries: 10 });
}
