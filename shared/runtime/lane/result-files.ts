import type { FileWriter } from '../../attempt/job-code.ts';
import type { Files } from '../../attempt/ports.ts';
import { fileInResult } from '../../contracts/result-file.ts';
import { ObjectError, type S3Requests } from '../s3-requests.ts';
import { resultPrefix } from './archive.ts';

/**
 * A file is written in parts of this many bytes, which is all that is held in memory. S3 takes parts of 5 MiB and more, and
 * 10,000 of them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const PART_BYTES = 8 * 1024 * 1024;

/** Creates the files of results in the payload bucket. Every attempt writes its own. */
export const creatorOf =
  (s3: S3Requests): Files['create'] =>
  (fence, name, contentType) =>
    new PartWriter(s3, `${resultPrefix(fence)}${fence.attempt}/${name}`, contentType);

class PartWriter implements FileWriter {
  readonly #s3: S3Requests;
  readonly #key: string;
  readonly #contentType: string;
  #texts: string[] = [];
  #bytes = 0;
  #uploadId: string | undefined;
  readonly #etags: string[] = [];

  constructor(s3: S3Requests, key: string, contentType: string) {
    this.#s3 = s3;
    this.#key = key;
    this.#contentType = contentType;
  }

  async write(text: string): Promise<void> {
    this.#texts.push(text);
    this.#bytes += Buffer.byteLength(text);
    if (this.#bytes >= PART_BYTES) await this.#sendPart();
  }

  async end(): Promise<string> {
    if (this.#uploadId === undefined) {
      await this.#send('PUT', '', this.#take(), { 'content-type': this.#contentType });
    } else {
      // the last part may be short, but not empty
      if (this.#bytes > 0) await this.#sendPart();
      await this.#complete(this.#uploadId);
    }
    return fileInResult(this.#key);
  }

  #take(): string {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#bytes = 0;
    return text;
  }

  async #sendPart(): Promise<void> {
    this.#uploadId ??= await this.#begin();
    const query = `partNumber=${this.#etags.length + 1}&uploadId=${encodeURIComponent(this.#uploadId)}`;
    const response = await this.#send('PUT', query, this.#take());
    this.#etags.push(response.headers.get('etag') ?? '');
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
  async #begin(): Promise<string> {
    const response = await this.#send('POST', 'uploads=', '', { 'content-type': this.#contentType });
    const [, uploadId] = /<UploadId>([^<]+)<\/UploadId>/.exec(await response.text()) ?? [];
    if (!uploadId) throw new ObjectError(`S3 began no multipart upload of ${this.#key}`);
    return uploadId;
  }

  /** It can fail although its status is 200: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
  async #complete(uploadId: string): Promise<void> {
    const parts = this.#etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
    const response = await this.#send('POST', `uploadId=${encodeURIComponent(uploadId)}`, body);
    const answer = await response.text();
    if (answer.includes('<Error>')) throw new ObjectError(`S3 did not complete ${this.#key}: ${answer.slice(0, 300)}`);
  }

  async #send(method: string, query: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.#s3.send(this.#key, { method, query, body, headers });
    if (response.status === 404) throw new ObjectError(`${method} ${this.#key}: the bucket or the upload is gone`);
    return response;
  }
}
