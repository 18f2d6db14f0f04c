import { en } from 'zod/locales';
import * as z from 'zod/mini';

// zod/mini comes without words, and people read why their input was refused
z.config(en());

/** A schema of zod or, a quarter of its size in every function, of zod/mini. */
export type Schema<T> = z.core.$ZodType<T>;

/** How a lane delivers: in any order, or in the order of one field of the input. */
export type LaneDefinition<Field extends string = string> =
  | { kind: 'standard' }
  /** `orderKey` names a required string field of the input, at most 64 of `[A-Za-z0-9_-]` (it becomes a FIFO group id). */
  | { kind: 'ordered'; orderKey: Field };

/** Whether data fits a schema; the answer holds what it was parsed to, or every complaint. */
export const fit = <T>(schema: Schema<T>, data: unknown) => z.safeParse(schema, data);

/** What a team writes to add a job type. Everything else is derived from it. */
export interface JobTypeDefinition<Input, Result> {
  /** Kebab-case, at most 40 characters: the name of the route, the lane and the folder. */
  name: string;
  /** The service folder that implements it, such as `processing`. */
  service: string;
  /** One line for the API description. */
  summary: string;
  lane: LaneDefinition<keyof Input & string>;
  /** `inline`: a function in the consumer. `express`: a Step Functions Express workflow that the consumer starts and awaits. */
  run: 'inline' | 'express';
  /** What a client sends. Strict: a field that is not named here is refused. */
  input: Schema<Input>;
  /** What `run` returns; a value that does not fit fails the job. Clients read one of more than 2.5 MB by a link. */
  result: Schema<Result>;
  /** A realistic pair, shown in the API description and used by the demo burst. */
  example: { input: NoInfer<Input>; result: NoInfer<Result> };
  /** How long one attempt may take, in seconds (1 to 840; 4 to 303 with a workflow). */
  timeoutSeconds: number;
  /** How often a job is tried before it settles FAILED (1 to 25). */
  maxAttempts: number;
  /** How many consumers may run at the same time (2 to 1000, the limits of an SQS event source). */
  maxConcurrency: number;
  /** How many messages a consumer takes at a time (1 to 10). */
  batchSize: number;
  /**
   * `one-by-one`: the jobs of a batch follow each other. `together`: they run side by side, for jobs that only wait on
   * I/O; a crash then costs each of them an attempt, so it needs at least two attempts.
   */
  batchRuns: 'one-by-one' | 'together';
}

/** A checked job type; made by {@link defineJobType} only. */
export type JobType<Input = unknown, Result = unknown> = Readonly<
  Omit<JobTypeDefinition<Input, Result>, 'lane'> & { lane: LaneDefinition }
>;

/** A job type's input and result, as its `run` function sees them. */
export type InputOf<T> = T extends JobType<infer Input, infer _Result> ? Input : never;
export type ResultOf<T> = T extends JobType<infer _Input, infer Result> ? Result : never;

/** A contract that cannot work, found while it is loaded. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code = 'INVALID_CONTRACT';

  constructor(message: string) {
    super(message);
    // the Serverless CLI prints an error's stack, and a person looks for the one line that matters
    this.stack = `ContractError: ${message}`;
  }
}

/** Lambda ends a function after 900 s; the rest is for claiming and settling. */
const LONGEST_TIMEOUT_SECONDS = 840;
/** Step Functions ends an Express workflow after 300 s; the attempt that waits for it takes a little longer. */
const LONGEST_EXPRESS_TIMEOUT_SECONDS = 303;
/** Leaves a workflow a second besides what starting it takes (lane.ts). */
const SHORTEST_EXPRESS_TIMEOUT_SECONDS = 4;

/**
 * Declares a job type, the single source of its lane, route, request model, consumer and documentation.
 *
 * @throws ContractError naming the job type, the field and the mend
 */
export function defineJobType<Input, Result>(definition: JobTypeDefinition<Input, Result>): JobType<Input, Result> {
  const { name, timeoutSeconds, maxAttempts, maxConcurrency, batchSize, batchRuns, lane, run } = definition;
  const refuse = (mend: string): never => {
    throw new ContractError(`job type "${name}": ${mend}`);
  };
  const between = (field: string, value: number, low: number, high: number) => {
    if (!Number.isInteger(value) || value < low || value > high) {
      refuse(`${field} must be a whole number from ${low} to ${high}, not ${value}`);
    }
  };
  const oneOf = (field: string, value: string | undefined, ...allowed: string[]) => {
    if (value === undefined || !allowed.includes(value)) {
      refuse(`${field} must be ${allowed.map((each) => `"${each}"`).join(' or ')}, not ${JSON.stringify(value)}`);
    }
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    refuse('name must be kebab-case and at most 40 characters');
  }
  oneOf('run', run, 'inline', 'express');
  oneOf('lane.kind', lane?.kind, 'standard', 'ordered');
  oneOf('batchRuns', batchRuns, 'one-by-one', 'together');
  if (run === 'express') {
    between('timeoutSeconds', timeoutSeconds, SHORTEST_EXPRESS_TIMEOUT_SECONDS, LONGEST_EXPRESS_TIMEOUT_SECONDS);
  }
  between('timeoutSeconds', timeoutSeconds, 1, LONGEST_TIMEOUT_SECONDS);
  between('maxAttempts', maxAttempts, 1, 25);
  between('maxConcurrency', maxConcurrency, 2, 1000);
  between('batchSize', batchSize, 1, 10);
  if (batchRuns === 'together' && maxAttempts < 2) {
    refuse('batchRuns "together" needs maxAttempts of at least 2, since a crash costs every running job an attempt');
  }
  if (jobsInARow(definition) * timeoutSeconds > LONGEST_TIMEOUT_SECONDS) {
    refuse(
      batchRuns === 'together'
        ? `2 × timeoutSeconds must be at most ${LONGEST_TIMEOUT_SECONDS} when jobs run together, so that one can follow the others`
        : `batchSize × timeoutSeconds must be at most ${LONGEST_TIMEOUT_SECONDS} when jobs run one by one`,
    );
  }
  for (const part of ['input', 'result'] as const) {
    if (!definition[part]?._zod) refuse(`${part} must be a schema of zod`);
    const parsed = fit<unknown>(definition[part], definition.example?.[part]);
    if (!parsed.success) refuse(`example.${part} does not fit its schema: ${parsed.error.issues[0]?.message}`);
  }
  if (lane.kind === 'ordered' && !isOrderKey(definition, lane.orderKey)) {
    refuse(`orderKey "${lane.orderKey}" must be a required field of the input, z.string().check(z.regex(ORDER_KEY))`);
  }
  return Object.freeze({ ...definition });
}

/**
 * How many jobs of a batch may follow each other, each for its whole timeout. Of jobs that run together it is two: one whose
 * last attempt vanished runs after all others, and without time for it of its own it would not run while the others are slow.
 */
export const jobsInARow = ({ batchRuns, batchSize }: Pick<JobType, 'batchRuns' | 'batchSize'>) =>
  batchRuns === 'together' ? Math.min(batchSize, 2) : batchSize;

/** What an order key may look like: with the tenant before it, it fits a FIFO group id (128 characters, no spaces). */
export const ORDER_KEY = /^[A-Za-z0-9_-]{1,64}$/;

/** What no order key may be: SQS would refuse the message, and the client be told to come back. */
const NO_ORDER_KEYS = [undefined, '', 'a b', 'x'.repeat(65)];

/** Whether the input must have that field, and it can be nothing but an order key. */
function isOrderKey<Input>({ input, example }: JobTypeDefinition<Input, unknown>, field: keyof Input): boolean {
  const fits = (key: unknown) => fit(input, { ...example.input, [field]: key }).success;
  return ORDER_KEY.test(String(example.input[field] ?? '')) && !NO_ORDER_KEYS.some(fits);
}
