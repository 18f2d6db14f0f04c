import { ObjectError, s3Requests } from './s3-requests.ts';

/** The objects of a bucket. A library of 3 KB signs the requests; the S3 client would add 40 KB (docs/decisions). */
export interface Objects {
  put(key: string, body: string, contentType: string): Promise<void>;
  /**
   * @returns undefined if there is no such object
   * @throws ObjectError even for a missing object if the caller lacks s3:ListBucket, because S3 then answers 403
   *   (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
   */
  get(key: string): Promise<string | undefined>;
  /** A URL from which anyone can read the object for some seconds, or until the credentials that signed it expire. */
  link(key: string, seconds: number): Promise<string>;
}

/** @param bucket a name without dots, because it becomes part of the host name */
export function objects(bucket: string): Objects {
  const s3 = s3Requests(bucket);
  return {
    async put(key, body, contentType) {
      const response = await s3.send(key, { method: 'PUT', body, headers: { 'content-type': contentType } });
      if (response.status === 404) throw new ObjectError(`bucket ${bucket} does not exist`);
    },
    async get(key) {
      const response = await s3.send(key, { method: 'GET' });
      return response.status === 404 ? undefined : response.text();
    },
    link: s3.link,
  };
}
