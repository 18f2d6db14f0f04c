import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

/** How many facts the lake holds: its lines. */
export async function countFacts(bucket: string): Promise<number> {
  const s3 = new S3Client({ forcePathStyle: true });
  let lines = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'facts/' })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const text = (await Body?.transformToString()) ?? '';
      lines += text.split('\n').filter(Boolean).length;
    }
  }
  return lines;
}
