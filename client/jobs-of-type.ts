import type { Counted } from '@spillway/shared/contracts/cancellation.ts';
import type { Accepted, Decision, JobList, JobStatus, JobSummary } from '@spillway/shared/contracts/job.ts';
import { ask } from './asking.ts';
import { type BatchEntry, type BatchOutcome, submitAll } from './batches.ts';
import { askToCancel, type CancelFilter } from './cancellations.ts';
import { type Decided, decide } from './decisions.ts';
import { ClientError } from './errors.ts';
import { type FrontDoor, jobPath, submitRequest } from './front-door.ts';
import { type Job, type JobReference, locate, type Where } from './job.ts';
import type { Patience } from './patience.ts';
import { pollJob, pollLists } from './polling.ts';
import { optionsOf, type SubmitChoices, type Time, timeText } from './submit-choices.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';
import { type JobChange, type WatchOptions, watch } from './watch.ts';

/** Which jobs to list. */
export interface ListQuery<SearchKey extends string> {
  status?: JobStatus | undefined;
  /** The value of a search key of the contract, such as `{ orderId: 'order-1001' }`. One key at a time. */
  where?: Where<SearchKey> | undefined;
}

/** Which page of a list. */
export interface PageQuery<SearchKey extends string> extends ListQuery<SearchKey> {
  /** From the page before. */
  cursor?: string | undefined;
  /** From 1 to 100. 50 by default. */
  limit?: number | undefined;
}

/** The jobs of one type. Every call is repeated while the front door is busy, and none can make two jobs of one. */
export interface JobsOfType<Input, Result, SearchKey extends string> {
  /** Submits a job. Without `jobId`, the client makes one. @throws ClientError if it is refused */
  submit(input: Input, choices?: SubmitChoices & Patience): Promise<Accepted>;
  /** Submits any number of jobs. @returns what became of each, in order; only the signal makes it throw */
  batch(
    jobs: Iterable<BatchEntry<Input>> | AsyncIterable<BatchEntry<Input>>,
    patience?: Patience,
  ): Promise<BatchOutcome[]>;
  /** Reads a job. @throws ClientError `NOT_FOUND` if there is none, or it has not started and only its id is given */
  get(job: JobReference, patience?: Patience): Promise<Job<Result>>;
  /**
   * Cancels a job. It is CANCELLED at once, or when its running attempt has stopped. Cancelling it again does nothing.
   *
   * @throws ClientError `CONFLICT` if it has another outcome, `NOT_FOUND` as {@link JobsOfType.get}
   */
  cancel(job: JobReference, patience?: Patience): Promise<Job<Result>>;
  /** Counts the jobs that fit a filter and have no outcome yet: those that {@link JobsOfType.cancelAll} would cancel. */
  countAll(filter: CancelFilter<SearchKey>, patience?: Patience): Promise<Counted>;
  /**
   * Cancels all jobs that fit a filter, except those that no consumer has seen yet. It returns when the job that does it was
   * submitted; `client.cancellations` reads that.
   *
   * @throws ClientError `BAD_REQUEST` if the filter is empty or has an unknown field
   */
  cancelAll(filter: CancelFilter<SearchKey>, patience?: Patience): Promise<Accepted>;
  /**
   * Moves a scheduled job to another time to start. A time in the past means now; seconds count from the request.
   *
   * @throws ClientError `CONFLICT` if it is not SCHEDULED (any more), `BAD_REQUEST` if it cannot have that time,
   * `NOT_FOUND` if no consumer has seen it
   */
  move(job: JobReference, runAfter: Time, patience?: Patience): Promise<Job<Result>>;
  /** One page of jobs, the newest first. */
  page(query?: PageQuery<SearchKey> & Patience): Promise<JobList>;
  /** All jobs, the newest first, page by page as they are needed. */
  list(query?: ListQuery<SearchKey> & Patience): AsyncGenerator<JobSummary, void>;
  /** Waits until a job has its outcome, whatever that is. @throws ClientError `TIMED_OUT` */
  waitFor(job: JobReference, options?: WaitOptions<Job<Result>>): Promise<Job<Result>>;
  /**
   * Yields each change of a job as it happens, until it has its outcome; without a job, the changes of all jobs of the type.
   *
   * @throws ClientError `NOT_FOUND` as {@link JobsOfType.get}
   */
  watch(job?: JobReference, options?: WatchOptions): AsyncGenerator<JobChange, void>;
}

/** The jobs of a type whose workflow waits for a person. */
export interface Decisions {
  /**
   * Answers a job that is WAITING. Only the first answer counts. The same answer again is no error, even after the job has
   * ended: the first one was recorded at `recordedAt`.
   *
   * @throws ClientError `CONFLICT` if somebody decided otherwise or the job does not wait, `NOT_FOUND`
   */
  decide(
    job: JobReference,
    decision: Decision['decision'],
    options?: Pick<Decision, 'comment'> & Patience,
  ): Promise<Decided>;
}

/** As many as a page may have, so that a list takes few requests. */
const LONGEST_PAGE = 100;

/** The jobs of a type, by its name. The front door refuses a decision about a type that does not wait for one. */
export function jobsOfType<Input, Result, SearchKey extends string>(
  door: FrontDoor,
  type: string,
): JobsOfType<Input, Result, SearchKey> & Decisions {
  const self: JobsOfType<Input, Result, SearchKey> & Decisions = {
    submit(input, { tries, signal, ...choices } = {}) {
      const { path, headers } = submitRequest(type, optionsOf(choices));
      const request =
        choices.jobId === undefined
          ? { method: 'POST', headers: { ...headers, 'idempotency-key': crypto.randomUUID() } }
          : { method: 'PUT', headers };
      return ask(door, 'The job was refused', path, { ...request, body: JSON.stringify(input) }, { tries, signal });
    },

    batch: (jobs, patience = {}) => submitAll(door, type, jobs, patience),

    get(job, patience = {}) {
      const { jobId, query } = locate(job);
      return ask(door, 'The job could not be read', `${jobPath(type, jobId)}${query}`, {}, patience);
    },

    async cancel(job, patience = {}) {
      const { jobId, query } = locate(job);
      const path = `${jobPath(type, jobId)}${query}`;
      try {
        return await ask(door, 'The job was not cancelled', path, { method: 'DELETE' }, patience);
      } catch (error) {
        if (!(error instanceof ClientError) || error.code !== 'CONFLICT') throw error;
        // the answer to an earlier try may have been lost
        const found = await self.get(job, patience);
        if (found.status === 'CANCELLED') return found;
        throw error;
      }
    },

    countAll: (filter, patience = {}) => askToCancel(door, type, filter, true, patience) as Promise<Counted>,

    cancelAll: (filter, patience = {}) => askToCancel(door, type, filter, false, patience) as Promise<Accepted>,

    move(job, runAfter, patience = {}) {
      const body = JSON.stringify({ runAfter: timeText(runAfter) });
      const path = jobPath(type, locate(job).jobId);
      return ask(door, 'The job was not moved', path, { method: 'PATCH', body }, patience);
    },

    decide(job, decision, { comment, ...patience } = {}) {
      const { jobId } = locate(job);
      const said = { decision, ...(comment !== undefined && { comment }) };
      return decide(door, `${jobPath(type, jobId)}/decision`, jobId, said, patience);
    },

    page({ status, where = {}, cursor, limit, ...patience } = {}) {
      const given = Object.entries({ ...where, status, cursor, limit }).filter(([, value]) => value !== undefined);
      const query = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
      return ask(door, 'The jobs could not be listed', `/jobs/${type}?${query}`, {}, patience);
    },

    async *list(query = {}) {
      let cursor: string | undefined;
      do {
        const page: JobList = await self.page({ ...query, cursor, limit: LONGEST_PAGE });
        yield* page.jobs;
        cursor = page.cursor;
      } while (cursor !== undefined);
    },

    waitFor: (job, options = {}) => waitFor((signal) => self.get(job, { tries: options.tries, signal }), options),

    watch(job, options = {}) {
      const { tries, signal } = options;
      const patience = { tries, signal };
      if (job === undefined) {
        const list = (each: Patience) => self.page({ ...each, limit: LONGEST_PAGE });
        return watch(door, { type }, { poll: (shown) => pollLists([list], shown, patience) }, options);
      }
      const look = (each: Patience) => self.get(job, each);
      return watch(
        door,
        { job: { type, jobId: locate(job).jobId } },
        { poll: (shown) => pollJob(look, shown, patience), look: () => look(patience) },
        options,
      );
    },
  };
  return self;
}
