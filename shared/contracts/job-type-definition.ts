import type * as z from 'zod/mini';
import type { RunKind, RunKindName } from './run-kinds.ts';

/** A schema of zod, or of zod/mini, which takes a quarter of the size in every function. */
export type Schema<T> = z.core.$ZodType<T>;

/** How a lane delivers: in any order, or in the order of one field of the input. */
export type LaneDefinition<Field extends string = string> =
  | { kind: 'standard' }
  /**
   * `orderKey` names a required string field of the input, at most 64 of `[A-Za-z0-9_-]` (it becomes a FIFO group id).
   * `onFailure` says what happens to the later jobs of a key when one of its jobs FAILED: they run (`continue`, the
   * default), or they wait until a person decides (`stop`, see docs/blocked-keys.md).
   */
  | { kind: 'ordered'; orderKey: Field; onFailure?: 'continue' | 'stop' };

/** What a team writes to add a job type: six fields, and any of the others whose default does not suit. */
export interface JobTypeDefinition<Input, Result> {
  /** The name of the route, the lane and the folder: kebab-case, at most 40 characters. */
  name: string;
  /** The service folder that implements it, such as `processing`. */
  service: string;
  /** One line for the API description. */
  summary: string;
  /**
   * Rules that the schemas cannot express, for the API description: whole sentences, each ending in a full stop.
   *
   * @defaultValue none
   */
  description?: string;
  /** What a client sends. Use strict objects, so that a field that is not named is refused. */
  input: Schema<Input>;
  /** What `run` returns; a value that does not fit fails the job. Clients read a result of more than 2.5 MB by a link. */
  result: Schema<Result>;
  /** A realistic pair, shown in the API description, used by the demo burst and by `invoke local`. */
  example: { input: NoInfer<Input>; result: NoInfer<Result> };
  /**
   * Whether jobs run in any order (`standard`) or one at a time in the order of a field of the input (`ordered`).
   * A lane keeps its kind: to change it, add a job type with another name.
   *
   * @defaultValue `{ kind: 'standard' }`: order costs throughput, because a failing job delays those behind it
   */
  lane?: LaneDefinition<keyof Input & string>;
  /**
   * How a job is run: by a function in the consumer (`inline`), by a Step Functions Express workflow that the consumer
   * starts and waits for (`express`), or by a Standard workflow that goes on without it, for up to 30 days (`durable`).
   *
   * @defaultValue `'inline'`: the least to write, deploy and pay
   */
  run?: RunKindName;
  /**
   * How long an attempt may take, in seconds, before it is stopped and tried again. From 1 to 840, with an express
   * workflow from 4 to 303, with a durable one from 60 to 2,592,000 (30 days).
   *
   * @defaultValue 30, with an express workflow 60: enough for a few calls to other services, and a job that hangs is soon
   * retried. With a durable one 604,800 (7 days)
   */
  timeoutSeconds?: number;
  /**
   * How often a job is tried before it settles as FAILED. From 1 to 25; a durable job has only one attempt, in which its
   * steps are retried.
   *
   * @defaultValue 5: with the backoff of 2, 4, 8 and 16 s, a job survives an outage of about half a minute
   */
  maxAttempts?: number;
  /**
   * How many consumers may run at the same time. From 2 to 1000, the limits of an SQS event source.
   *
   * @defaultValue 10: enough for thousands of short jobs a minute, without overloading what the jobs call. A hundred job
   * types with it fit in an account's 1,000 concurrent executions.
   */
  maxConcurrency?: number;
  /**
   * How many messages a consumer takes at a time. From 1 to 10, the limits of a lane.
   *
   * @defaultValue 5, or fewer if so many timeouts would not fit into a consumer's 840 s. It saves most of the
   * invocations, and a slow job delays at most four others.
   */
  batchSize?: number;
  /**
   * Whether the jobs of a batch run one after the other (`one-by-one`) or concurrently (`together`). Run them together
   * only if they spend their time waiting. A crash then costs each of them an attempt, so it takes 2 attempts or more.
   *
   * @defaultValue `'one-by-one'`, with an express workflow `'together'`, because then the consumer only waits
   */
  batchRuns?: RunKind['batchRuns'];
  /**
   * Whether the workflow waits for a person's decision. It gives the job type the route
   * `POST /jobs/{type}/{jobId}/decision`. Only with `run: 'durable'`.
   *
   * @defaultValue `false`
   */
  awaitsDecision?: boolean;
  /**
   * Which events of a job are published on the bus: only the one that ends it (`outcomes`), or also those for each attempt
   * and for progress (`all`). The lake has all of them in either case.
   *
   * @defaultValue `'outcomes'`: most subscribers need no others, and each event costs as much as two writes of a row
   */
  events?: 'outcomes' | 'all';
  /**
   * Up to three fields of the input by which lists find jobs: `GET /jobs/{type}?<field>=<value>`. Each must be a text, a
   * number or a boolean, and be in the example, which may lack only an optional text. Each costs one more write per job.
   * Jobs that were submitted before a key was added are not found by it. Add new keys at the end, because a key that moves
   * finds only newer jobs.
   *
   * @defaultValue none: such a job type pays nothing for it
   */
  searchKeys?: readonly (keyof Input & string)[];
  /**
   * Fields of the input that are uploaded objects: their schema is `Upload` (contracts/upload.ts). `job.open` opens them in
   * a job that the consumer runs itself; a step of a workflow opens them with rights of its own, as those of bulk-submit do. An
   * upload is kept while its job is scheduled.
   *
   * @defaultValue none: the consumer may then read no uploads
   */
  uploads?: readonly (keyof Input & string)[];
  /**
   * Takes the submit routes away, while the lane, its consumer and its alarms stay, and the status of jobs can still be
   * read. Set it before deleting a job type, and delete it once the lane is empty.
   *
   * @defaultValue `false`
   */
  retired?: boolean;
  /**
   * Who submits its jobs. The front door has no routes for what only the platform itself submits.
   *
   * @defaultValue `'clients'`
   */
  submittedBy?: 'clients' | 'platform';
}
