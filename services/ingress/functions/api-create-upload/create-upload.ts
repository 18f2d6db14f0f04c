import { randomUUID } from 'node:crypto';
import { secondsAfter } from '@spillway/shared/contracts/times.ts';
import {
  CLAIM_TAG,
  UPLOAD_SECONDS,
  type UploadCreated,
  UploadRequest,
  uploadKey,
} from '@spillway/shared/contracts/upload.ts';
import { Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';
import { type Place, presignedForm } from './presigned-form.ts';

/**
 * Makes a form with which a tenant can upload one object, and the pointer to submit.
 *
 * @throws Problem if the body does not say how long the upload is and what it is
 */
export function createUpload(
  { tenant, body }: { tenant: string; body: string },
  place: Place,
  now: Date,
): UploadCreated {
  const { bytes, contentType } = read(body);
  const upload = `upload-${randomUUID().replaceAll('-', '')}`;
  const expiresAt = secondsAfter(now, UPLOAD_SECONDS);
  const fields = presignedForm(place, {
    now,
    expiresAt,
    mostBytes: bytes,
    fields: {
      key: uploadKey(tenant, upload),
      'Content-Type': contentType,
      // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
      tagging: `<Tagging><TagSet><Tag><Key>${CLAIM_TAG.key}</Key><Value>${CLAIM_TAG.unclaimed}</Value></Tag></TagSet></Tagging>`,
    },
  });
  return { upload, url: place.url, fields, expiresAt: expiresAt.toISOString() };
}

function read(body: string): UploadRequest {
  return readBody(UploadRequest, body, (reason) => new Problem('uploadRefused', { reason }));
}
