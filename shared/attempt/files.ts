import { UNCLAIMED_DAYS, UPLOAD } from '../contracts/upload.ts';
import { PermanentJobError } from './errors.ts';
import type { UploadedFile } from './job-code.ts';
import type { Files } from './ports.ts';
import type { Fence } from './submission.ts';

/**
 * Opens an upload of the job's tenant.
 *
 * @throws PermanentJobError `UPLOAD_NOT_FOUND` if the tenant has no such upload, because nothing was uploaded, it has
 *   expired, or another tenant uploaded it
 */
export async function openUpload(
  { tenant }: Pick<Fence, 'tenant'>,
  pointer: string,
  files: Pick<Files, 'open'>,
): Promise<UploadedFile> {
  const opened = UPLOAD.test(pointer) ? await files.open(tenant, pointer) : undefined;
  if (opened) return opened;
  throw new PermanentJobError(
    'UPLOAD_NOT_FOUND',
    `there is no upload ${JSON.stringify(pointer.slice(0, 64))}: nothing was uploaded under it, or no job opened it within ${UNCLAIMED_DAYS} days`,
  );
}
