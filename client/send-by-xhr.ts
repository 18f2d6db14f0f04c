import { ClientError } from './errors.ts';
import { detailIn, type Form, type OnProgress, STORE, type UploadSource } from './form.ts';
import type { Answer } from './front-door.ts';

/** What is used of a browser's XMLHttpRequest: https://xhr.spec.whatwg.org/#interface-xmlhttprequest */
declare class XMLHttpRequest {
  status: number;
  responseText: string;
  upload: { onprogress: (event: { loaded: number }) => void };
  onload: () => void;
  onerror: () => void;
  onabort: () => void;
  open(method: string, url: string): void;
  send(body: FormData): void;
  abort(): void;
}

/**
 * Whether a browser's page sends the form. Only XMLHttpRequest reports how much was sent; `fetch` would send a stream without
 * its length, which S3 does not take.
 */
export const hasXhr = (): boolean => typeof XMLHttpRequest !== 'undefined';

/** Posts a form as `sendByFetch` does, from a browser. A stream that is not a Blob is read first. */
export async function sendByXhr(
  { url, fields }: Form,
  file: UploadSource,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // Chromium keeps a long Blob on the disk
  form.append('file', file instanceof Blob ? file : await new Response(file.stream()).blob(), 'file');
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const bytes = file.size;
    // what is sent is longer than the file, by the other fields
    request.upload.onprogress = ({ loaded }) => onProgress?.({ sent: Math.min(loaded, bytes), bytes });
    request.onload = () =>
      resolve({ status: request.status, headers: new Headers(), body: detailIn(request.responseText) });
    request.onerror = () =>
      reject(new ClientError('UNREACHABLE', `${STORE} at ${new URL(url).origin} cannot be reached.`));
    request.onabort = () => reject(signal?.reason);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    signal?.throwIfAborted();
    request.open('POST', url);
    request.send(form);
  });
}
