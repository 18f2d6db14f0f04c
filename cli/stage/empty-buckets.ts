import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';

/** The objects of a bucket, with all their versions and delete markers, in pages of up to 1,000. */
async function* versions(client: S3Client, Bucket: string, Prefix?: string): AsyncGenerator<ObjectIdentifier[]> {
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, ...next }),
    );
    yield [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '', VersionId }) => ({
      Key,
      VersionId,
    }));
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
}

/** How many objects a bucket has. It counts no further than a page, because a lake may have millions. */
export async function countObjects(client: S3Client, bucket: string): Promise<string> {
  let count = 0;
  for await (const page of versions(client, bucket)) {
    if (count > 0) return `more than ${count}`;
    count += page.length;
  }
  return String(count);
}

/**
 * Deletes every object, with its versions, or only those whose keys start with a prefix.
 *
 * @throws Error if one could not be deleted
 */
export async function emptyBucket(client: S3Client, Bucket: string, prefix?: string): Promise<void> {
  for await (const Objects of versions(client, Bucket, prefix)) {
    if (Objects.length === 0) continue;
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    const [first] = Errors;
    if (first) throw new Error(`${Errors.length} objects of ${Bucket} could not be deleted: ${first.Message}`);
  }
}
