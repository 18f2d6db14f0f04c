import type { Fence } from '../../attempt/submission.ts';
import { resultPrefix, segments } from '../lane/archive.ts';

/** What every sender of a file needs to know besides its chunk. */
export interface SharedPlan {
  type: string;
  upload: string;
  /** The version of the upload that was planned. */
  etag: string;
  /** Where the list of chunks is in the payload bucket. The Distributed Map reads it. */
  chunksKey: string;
  senders: number;
  /** All lines of the file. */
  lines: number;
  /** The rate of one sender. */
  perSecond: number;
}

export const REPORT_TYPE = 'application/x-ndjson';

/** The key of the list of chunks, where steps may write. */
export const chunksKey = (job: Fence) => `steps/${segments(job)}/${job.attempt}/chunks.json`;

/** The name of the file with the refused lines of the chunk that starts with a line. */
export const refusedName = (line: number) => `refused-${line}.jsonl`;

export const refusedKey = (job: Fence, line: number) => `${resultPrefix(job)}${job.attempt}/${refusedName(line)}`;
