import { createHmac } from 'node:crypto';

/** A bucket, and whose rights a form has. */
export interface Place {
  bucket: string;
  region: string;
  /** Where the bucket is. */
  url: string;
  signer: { accessKeyId: string; secretAccessKey: string; sessionToken: string | undefined };
}

export interface Form {
  now: Date;
  /** When the upload must have started. */
  expiresAt: Date;
  mostBytes: number;
  /** What is sent before the file, exactly as it is here. */
  fields: Readonly<Record<string, string>>;
}

/**
 * Signs a form for a POST to S3, with the conditions that its fields are sent unchanged and that the file is not empty and
 * not longer than announced: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @returns all fields of the form but the file
 */
export function presignedForm({ bucket, region, signer }: Place, form: Form): Record<string, string> {
  // 20261127T013020Z
  const time = form.now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const fields = {
    ...form.fields,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${signer.accessKeyId}/${day}/${region}/s3/aws4_request`,
    'x-amz-date': time,
    ...(signer.sessionToken && { 'x-amz-security-token': signer.sessionToken }),
  };
  const conditions = [
    { bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ['content-length-range', 1, form.mostBytes],
  ];
  const expiration = form.expiresAt.toISOString();
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${signer.secretAccessKey}`);
  return { ...fields, policy, 'x-amz-signature': hmac(key, policy).toString('hex') };
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
