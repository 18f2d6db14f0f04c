import type { UploadCreated } from '@spillway/shared/contracts/upload.ts';
import type { Answer } from './front-door.ts';

/**
 * What can be uploaded: a `File` or `Blob`; in Node a file is one as `await openAsBlob(path)` of `node:fs`. Or, in Node, any
 * stream whose length is known.
 */
export interface UploadSource {
  /** In bytes, from 1 to 5 GiB. */
  readonly size: number;
  /** The content type; without one, `application/octet-stream`. */
  readonly type?: string;
  /** Called once for each try. For a stream that can be read only once, allow one try. */
  stream(): ReadableStream<Uint8Array>;
}

/** How far an upload is. */
export interface UploadProgress {
  /** How many bytes were sent. It starts again with each try. */
  sent: number;
  /** How many there are. */
  bytes: number;
}

/** A presigned form, to which the file is added as the last field. */
export type Form = Pick<UploadCreated, 'url' | 'fields'>;

export type OnProgress = ((progress: UploadProgress) => void) | undefined;

/** What the form is sent to, for errors. */
export const STORE = 'The store of uploads';

/** S3 explains its errors in XML: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function detailIn(text: string): Answer['body'] {
  const detail = /<Message>([^<]*)<\/Message>/.exec(text)?.[1];
  return detail ? { detail } : {};
}
