import type { ResultOf, SentOf } from '@spillway/shared/contracts/job-type.ts';
import { type Bulk, bulkOf } from './bulk.ts';
import { type Cancellations, cancellations } from './cancellations.ts';
import { type Access, type FrontDoor, frontDoor, type LastingAccess } from './front-door.ts';
import { type Contracts, JOB_TYPES } from './job-types.ts';
import { type Decisions, type JobsOfType, jobsOfType } from './jobs-of-type.ts';
import { pollLists } from './polling.ts';
import { type Schedules, schedules } from './schedules.ts';
import { type Uploads, uploads } from './upload.ts';
import { type JobChange, type WatchOptions, watch } from './watch.ts';
import { type Webhooks, webhooks } from './webhooks.ts';

export { type AccessToken, type TokenSource, tokenSource } from './access-token.ts';
export type { BatchEntry, BatchOutcome } from './batches.ts';
export type { Bulk, BulkJob, BulkOptions } from './bulk.ts';
export type { CancelFilter, Cancellation, Cancellations } from './cancellations.ts';
export type { Decided } from './decisions.ts';
export { ClientError, type ProblemDocument } from './errors.ts';
export type { UploadProgress, UploadSource } from './form.ts';
export type { Job, JobReference } from './job.ts';
export type { Decisions, JobsOfType, ListQuery, PageQuery } from './jobs-of-type.ts';
export type { Patience } from './patience.ts';
export type { ScheduleOf, Schedules } from './schedules.ts';
export type { SubmitChoices, Time } from './submit-choices.ts';
export type { UploadOptions, Uploads } from './upload.ts';
export type { WaitOptions } from './wait-for.ts';
export type { JobChange, WatchOptions } from './watch.ts';
export type { Webhooks } from './webhooks.ts';

/** Where a front door is, and who calls it. */
export type ClientOptions = {
  /** The URL of the stage, such as `https://x.execute-api.eu-west-1.amazonaws.com/prod`. */
  apiUrl: string;
  /** The URL of the stage's socket, such as `wss://y.execute-api.eu-west-1.amazonaws.com/prod`. Without it, `watch` polls. */
  socketUrl?: string;
} & (Access | LastingAccess);

/** The jobs of a contract's type, with what only some types have. */
export type JobsOf<Name extends keyof Contracts> = JobsOfType<
  SentOf<Contracts[Name]>,
  ResultOf<Contracts[Name]>,
  Contracts[Name]['searchKeys'][number]
> &
  (Contracts[Name]['awaitsDecision'] extends true ? Decisions : unknown) &
  ([Contracts[Name]['uploads'][number]] extends [never] ? unknown : Uploads) &
  // its jobs submit the lines of files
  (Name extends 'bulkSubmit' ? Uploads : Bulk);

/** The jobs of any type. The front door refuses what the type does not have. */
export type AnyJobs = JobsOfType<unknown, unknown, string> & Decisions & Uploads & Bulk;

/** A client of a front door, for one tenant. */
export interface Client extends Uploads {
  /** The jobs of each type, with the types of its contract, and those of all types. */
  jobs: { readonly [Name in keyof Contracts]: JobsOf<Name> } & {
    /** Yields the changes of all the tenant's jobs as they happen, until the signal ends it. */
    watch(options?: WatchOptions): AsyncGenerator<JobChange, void>;
  };
  /** The jobs of a type whose name is known only while the program runs. */
  jobsOf(type: string): AnyJobs;
  /** The jobs that cancel others, which `cancelAll` submits. */
  cancellations: Cancellations;
  /** The tenant's schedules, which submit jobs again and again. */
  schedules: Schedules;
  /** The tenant's webhooks, to which the events of its jobs are sent. */
  webhooks: Webhooks;
}

/** Makes a client. Nothing is sent until it is used. */
export const createClient = ({ apiUrl, socketUrl, ...access }: ClientOptions): Client =>
  clientOf(frontDoor({ apiUrl, ...(socketUrl && { socketUrl }) }, access));

/** The client above an open front door. */
export function clientOf(door: FrontDoor): Client {
  const jobsOf = (type: string): AnyJobs => ({ ...jobsOfType(door, type), ...uploads(door), ...bulkOf(door, type) });
  const all = Object.entries(JOB_TYPES).map(([name, type]) => [name, jobsOf(type)] as const);
  const pages = all.map(([, { page }]) => page);
  return {
    jobs: {
      ...Object.fromEntries(all),
      watch: (options: WatchOptions = {}) =>
        watch(
          door,
          {},
          { poll: (shown) => pollLists(pages, shown, { tries: options.tries, signal: options.signal }) },
          options,
        ),
    } as unknown as Client['jobs'],
    cancellations: cancellations(door),
    jobsOf,
    upload: uploads(door).upload,
    schedules: schedules(door),
    webhooks: webhooks(door),
  };
}
