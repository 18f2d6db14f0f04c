import type { UploadCreated } from '@spillway/shared/contracts/upload.ts';
import { one, request, type Tenant } from './deployed.ts';

/** Begins an upload. @throws Error if the front door refuses it */
export async function beginUpload(bytes: number, contentType: string, as: Tenant = one): Promise<UploadCreated> {
  const { status, body } = await request<UploadCreated>('/uploads', {
    method: 'POST',
    as,
    body: JSON.stringify({ bytes, contentType }),
  });
  if (status !== 201) throw new Error(`POST /uploads answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Sends a file in the form of an upload, as a browser would. @returns the status of S3 */
export async function sendUpload(
  { url, fields }: UploadCreated,
  file: Blob,
  changes: Record<string, string> = {},
): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.set(name, value);
  form.set('file', file);
  const response = await fetch(url, { method: 'POST', body: form });
  await response.text();
  return response.status;
}

/** Uploads a file. @returns the pointer to it */
export async function uploadFile(file: Blob, contentType: string, as: Tenant = one): Promise<string> {
  const begun = await beginUpload(file.size, contentType, as);
  const status = await sendUpload(begun, file);
  if (status !== 204) throw new Error(`S3 answered ${status} to an upload`);
  return begun.upload;
}
