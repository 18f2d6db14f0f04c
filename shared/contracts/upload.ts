import * as z from 'zod/mini';

/** The pointer to an upload. It works only for the tenant that uploaded: the object's key starts with the tenant. */
export const UPLOAD = /^upload-[0-9a-f]{32}$/;

/** A field of an input that is an uploaded object. Name the field in the contract's `uploads`. */
export const Upload = z.string().check(z.regex(UPLOAD));

/** S3 takes no more in one POST: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
export const MOST_UPLOAD_BYTES = 5 * 1024 ** 3;
/** How long an upload may be started. It may take longer: S3 checks the time when the request arrives. */
export const UPLOAD_SECONDS = 900;
/**
 * After how many days an upload expires that no job has opened. A job can wait in its lane for 14 days until its consumer
 * sees it.
 */
export const UNCLAIMED_DAYS = 15;
/**
 * After how many days an upload expires that a job has opened: its job settles within 28 days, and its record in the
 * archive, from which it can be replayed, is kept for 420.
 */
export const CLAIMED_DAYS = 450;

/** The tag that says whether a job has opened an upload. Lifecycle rules read it. */
export const CLAIM_TAG = { key: 'claim', unclaimed: 'none', claimed: 'job' } as const;

/** What a client announces before it uploads. */
export const UploadRequest = z.strictObject({
  /** The most that may be uploaded. */
  bytes: z.int().check(z.gte(1), z.lte(MOST_UPLOAD_BYTES)),
  /** Sent again with the upload, exactly as it is here. */
  contentType: z.string().check(z.regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;[ -~]*)?$/), z.maxLength(200)),
});
export type UploadRequest = z.infer<typeof UploadRequest>;

/** Where and how to upload: a form (multipart/form-data) with the fields, and the file as its last field, `file`. */
export const UploadCreated = z.strictObject({
  /** The pointer to submit. */
  upload: Upload,
  url: z.url(),
  fields: z.record(z.string(), z.string()),
  /** When the upload must have started. */
  expiresAt: z.iso.datetime(),
});
export type UploadCreated = z.infer<typeof UploadCreated>;

/** Whether the example of a job type names an upload: it then fails wherever nothing was uploaded under that pointer. */
export const exampleNeedsUpload = ({ example }: { example: { input: unknown } }): boolean =>
  Object.values(example.input as object).some((value) => typeof value === 'string' && UPLOAD.test(value));

/** The key of an upload. */
export const uploadKey = (tenant: string, upload: string) => `${tenant}/${upload}`;
