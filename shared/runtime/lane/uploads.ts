import type { UploadedFile } from '../../attempt/job-code.ts';
import type { Files } from '../../attempt/ports.ts';
import { CLAIM_TAG, uploadKey } from '../../contracts/upload.ts';
import { ObjectError, type S3Requests } from '../s3-requests.ts';

/**
 * An upload is read in pieces of this many bytes, each with its own request. So a connection that breaks costs one piece,
 * and a slow reader holds no connection open.
 */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Opens uploads. Opening claims one: from then on it is kept for as long as its job can be replayed.
 *
 * @param s3 the bucket of uploads; without it the contract declares no uploads
 */
export function openerOf(s3: S3Requests | undefined): Files['open'] {
  return async (tenant, pointer) => {
    if (!s3) throw new Error("the contract's `uploads` must name the field of the input that is opened");
    const key = uploadKey(tenant, pointer);
    const claimed = await s3.send(key, { method: 'PUT', query: 'tagging=', body: CLAIMED });
    if (claimed.status === 404) return undefined;
    const head = await s3.send(key, { method: 'HEAD' });
    if (head.status === 404) return undefined;
    return fileOf(s3, key, head.headers);
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
const CLAIMED = `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>${CLAIM_TAG.key}</Key><Value>${CLAIM_TAG.claimed}</Value></Tag></TagSet></Tagging>`;

function fileOf(s3: S3Requests, key: string, headers: Headers): UploadedFile {
  const bytes = Number(headers.get('content-length'));
  // a client that uploads again meanwhile must not give the job the start of one file and the end of another
  const etag = headers.get('etag') ?? '';
  return {
    bytes,
    contentType: headers.get('content-type') ?? '',
    etag,
    stream: () => piecesOf(s3, { key, etag }, { start: 0, end: bytes }),
  };
}

/**
 * Reads a part of an upload, in pieces.
 *
 * @throws ObjectError if the upload is gone or has changed since it had the etag
 */
export async function* piecesOf(
  s3: S3Requests,
  { key, etag }: { key: string; etag: string },
  part: { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  for (let start = part.start; start < part.end; start += PIECE_BYTES) {
    const range = `bytes=${start}-${Math.min(start + PIECE_BYTES, part.end) - 1}`;
    const response = await s3.send(key, { method: 'GET', headers: { range, 'if-match': etag } });
    if (response.status === 404) throw new ObjectError(`s3://${s3.bucket}/${key} was deleted while it was read`);
    yield new Uint8Array(await response.arrayBuffer());
  }
}
