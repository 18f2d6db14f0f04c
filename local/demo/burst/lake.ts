import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { JobFact } from '@spillway/shared/contracts/job-fact.ts';

/** How many facts the lake holds about the jobs of a trace; each is a line. */
export async function countFacts(bucket: string, traceId: string): Promise<number> {
  const s3 = new S3Client({ forcePathStyle: true });
  const isMeant = (line: string) => line !== '' && (JSON.parse(line) as JobFact).trace_id === traceId;
  let count = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'facts/' })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const text = (await Body?.transformToString()) ?? '';
      count += text.split('\n').filter(isMeant).length;
    }
  }
  return count;
}
