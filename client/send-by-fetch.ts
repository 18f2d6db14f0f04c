import { ClientError } from './errors.ts';
import { fetchFrom } from './fetch-from.ts';
import { detailIn, type Form, type OnProgress, STORE, type UploadSource } from './form.ts';
import type { Answer } from './front-door.ts';

/**
 * Posts a form to S3 from Node, as a stream whose length is announced: S3 takes no other.
 *
 * @throws ClientError if no answer came, or the file has another length than it says
 */
export async function sendByFetch(
  { url, fields }: Form,
  file: UploadSource,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const boundary = `spillway-${crypto.randomUUID()}`;
  const { head, tail } = around(fields, file, boundary);
  const failed: { reason?: unknown } = {};
  const response = await fetchFrom(STORE, url, {
    method: 'POST',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.size + tail.length),
    },
    body: bodyFrom(parts(head, file, tail, onProgress), failed),
    duplex: 'half',
    ...(signal && { signal }),
  } as RequestInit).catch((error: unknown) => {
    // fetch hides why its body ended
    throw failed.reason ?? error;
  });
  return { status: response.status, headers: response.headers, body: detailIn(await response.text()) };
}

/** What stands before and behind the file (https://www.rfc-editor.org/rfc/rfc7578#section-4). */
function around(fields: Form['fields'], { type }: UploadSource, boundary: string) {
  const encoder = new TextEncoder();
  const start = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const before = Object.entries(fields).map(([name, value]) => `${start(`name="${name}"`)}\r\n${value}\r\n`);
  const contentType = `Content-Type: ${type || 'application/octet-stream'}`;
  return {
    head: encoder.encode(`${before.join('')}${start('name="file"; filename="file"')}${contentType}\r\n\r\n`),
    tail: encoder.encode(`\r\n--${boundary}--\r\n`),
  };
}

async function* parts(head: Uint8Array, file: UploadSource, tail: Uint8Array, onProgress: OnProgress) {
  yield head;
  let sent = 0;
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    sent += read.value.length;
    if (sent > file.size) break;
    yield read.value;
    onProgress?.({ sent, bytes: file.size });
  }
  if (sent !== file.size) {
    throw new ClientError(
      'WRONG_SIZE',
      `The file has ${sent > file.size ? 'more than' : 'only'} ${Math.min(sent, file.size)} bytes, but its size says ${file.size}.`,
    );
  }
  yield tail;
}

/** A body of chunks that are made when they are sent. @param failed gets the reason if they cannot be made */
function bodyFrom(chunks: AsyncGenerator<Uint8Array>, failed: { reason?: unknown }): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        failed.reason = error;
        controller.error(error);
      }
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}
