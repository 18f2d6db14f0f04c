import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { JobFact } from '@spillway/shared/contracts/job-fact.ts';

/** The facts about the jobs of a trace, which are delivered to the lake at least once. */
export interface Facts {
  /** Different facts, by their event. */
  distinct: number;
  /** Lines beyond the first of a fact. */
  repeated: number;
}

/** A settled job has at least these: that it was accepted, that it started, and its outcome. */
export const FACTS_A_JOB = 3;

/** Counts the facts that the lake holds about the jobs of a trace; each line is one. */
export async function countFacts(bucket: string, traceId: string): Promise<Facts> {
  const s3 = new S3Client({ forcePathStyle: true });
  const ids = new Set<string>();
  let lines = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: 'facts/' })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const text = (await Body?.transformToString()) ?? '';
      for (const line of text.split('\n').filter(Boolean)) {
        const fact: JobFact = JSON.parse(line);
        if (fact.trace_id !== traceId) continue;
        ids.add(fact.event_id);
        lines += 1;
      }
    }
  }
  return { distinct: ids.size, repeated: lines - ids.size };
}
