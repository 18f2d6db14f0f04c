import { openAsBlob, statSync } from 'node:fs';
import { extname } from 'node:path';
import type { UploadProgress } from '@spillway/client/index.ts';
import { MOST_UPLOAD_BYTES } from '@spillway/shared/contracts/upload.ts';
import { CliError } from './errors.ts';
import type { Done } from './progress-bar.ts';

/** The content types by the ends of names. S3 keeps them, and whoever opens the upload may look at them. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.txt': 'text/plain',
};

/**
 * Opens a file to upload it, without reading it.
 *
 * @throws CliError if there is no such file, or it is empty or too long
 */
export async function openUpload(path: string): Promise<Blob> {
  const refuse = (reason: string) => new CliError('BAD_FILE', `${path} ${reason}.`, 2);
  const file = statSync(path, { throwIfNoEntry: false });
  if (!file) throw refuse('does not exist');
  if (!file.isFile()) throw refuse('is not a file');
  if (file.size === 0) throw refuse('is empty');
  if (file.size > MOST_UPLOAD_BYTES) throw refuse(`is longer than ${inBytes(MOST_UPLOAD_BYTES)}: split it`);
  const type = CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  try {
    return await openAsBlob(path, { type });
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}`);
  }
}

/** How far an upload is. */
export const uploadDone = ({ sent, bytes }: UploadProgress): Done => ({
  what: sent === bytes ? 'UPLOADED' : 'UPLOADING',
  share: sent / bytes,
  count: `${inBytes(sent)} of ${inBytes(bytes)}`,
});

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

/** `1536` → `1.5 KiB`. */
export function inBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${UNITS[power]}`;
}
