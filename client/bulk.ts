import type { ResultOf, SentOf } from '@spillway/shared/contracts/job-type.ts';
import type bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import type { UploadProgress, UploadSource } from './form.ts';
import type { FrontDoor } from './front-door.ts';
import type { Job } from './job.ts';
import { jobsOfType } from './jobs-of-type.ts';
import type { Patience } from './patience.ts';
import { uploads } from './upload.ts';

/** The job that submits a file's lines. */
export type BulkJob = Job<ResultOf<typeof bulkSubmit>>;

export interface BulkOptions extends Patience {
  /**
   * How many lines to submit in a second, from 1 to 5,000.
   *
   * @defaultValue 1,000
   */
  ratePerSecond?: number | undefined;
  /** Called while the file is uploaded. */
  onUpload?: ((progress: UploadProgress) => void) | undefined;
  /**
   * Called with the file's pointer when it is uploaded. A line without an id gets one from the pointer, so whoever repeats the
   * call with the pointer submits each line once.
   */
  onUploaded?: ((upload: string) => void) | undefined;
  /** Called with the job as soon as it is submitted, and whenever it is looked at, for its `progress` in lines. */
  onJob?: ((job: Pick<BulkJob, 'jobId' | 'status' | 'progress'>) => void) | undefined;
  /**
   * After how many seconds to stop waiting. The job goes on.
   *
   * @defaultValue 2,147,483, which is 24 days
   */
  withinSeconds?: number | undefined;
}

/** Files of jobs. */
export interface Bulk {
  /**
   * Submits each line of a JSON Lines file, `{ "id"?, "input", "runAfter"?, "expiresAfter"? }`: uploads it, submits the job
   * that sends its lines, and waits for that. With the pointer of an earlier upload instead of a file, lines that have been
   * submitted from it are the same jobs again. A file that is uploaded again is another upload: each line without an id is
   * another job.
   *
   * @param file the file, or the pointer of one that is uploaded
   * @returns the job with its outcome, whatever that is: how many lines were submitted and refused, and a link to a report
   * @throws ClientError if the upload or the job is refused, or `TIMED_OUT`
   */
  bulk(file: UploadSource | string, options?: BulkOptions): Promise<BulkJob>;
}

/** Timers take no longer ones: https://developer.mozilla.org/en-US/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

export const bulkOf = (door: FrontDoor, type: string): Bulk => ({
  async bulk(file, { ratePerSecond, onUpload, onUploaded, onJob, withinSeconds = LONGEST_SECONDS, ...patience } = {}) {
    const jobs = jobsOfType<SentOf<typeof bulkSubmit>, ResultOf<typeof bulkSubmit>, never>(door, 'bulk-submit');
    const upload =
      typeof file === 'string' ? file : await uploads(door).upload(file, { onProgress: onUpload, ...patience });
    if (file !== upload) onUploaded?.(upload);
    const input = { type, upload, ...(ratePerSecond !== undefined && { ratePerSecond }) };
    const submitted = await jobs.submit(input, patience);
    onJob?.(submitted);
    const until = (job: BulkJob) => {
      onJob?.(job);
      return job.settledAt !== undefined;
    };
    return jobs.waitFor(submitted, { withinSeconds, until, ...patience });
  },
});
