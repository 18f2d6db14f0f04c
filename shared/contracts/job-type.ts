import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { SourceError } from './errors.ts';
import type { JobTypeDefinition, LaneDefinition, Schema } from './job-type-definition.ts';
import { findProblem } from './job-type-problems.ts';
import { LONGEST_CONSUMER_SECONDS, longestBatchSeconds, RUN_KINDS } from './run-kinds.ts';

// for contracts with an ordered lane
export { ORDER_KEY } from './order-key.ts';

// zod/mini has no messages of its own, and people need to read why their input was refused
z.config(en());

/** Checks data against a schema. @returns the parsed data or all issues */
export const fit = <T>(schema: Schema<T>, data: unknown) => z.safeParse(schema, data);

/** A checked job type with its defaults. Only {@link defineJobType} makes it. */
export type JobType<Input = unknown, Result = unknown> = Readonly<
  Required<Omit<JobTypeDefinition<Input, Result>, 'lane' | 'searchKeys' | 'uploads'>> & {
    lane: LaneDefinition;
    searchKeys: readonly string[];
    uploads: readonly string[];
  }
>;

/** A job type's input and result, as its `run` function sees them. */
export type InputOf<T> = T extends JobType<infer Input, infer _Result> ? Input : never;
export type ResultOf<T> = T extends JobType<infer _Input, infer Result> ? Result : never;

/** What only the type of a contract knows; the client is typed by it. */
export interface Declared<Input, Sent, SearchKey, UploadField, AwaitsDecision> {
  readonly input: z.core.$ZodType<Input, Sent>;
  readonly searchKeys: readonly SearchKey[];
  readonly uploads: readonly UploadField[];
  readonly awaitsDecision: AwaitsDecision;
}

/** The input as clients send it: fields with a default may be left out. */
export type SentOf<T extends Pick<JobType, 'input'>> = z.input<T['input']>;

/** A contract that cannot work. Found while it is loaded. */
export class ContractError extends SourceError {
  constructor(message: string) {
    super('ContractError', 'INVALID_CONTRACT', message);
  }
}

const DEFAULTS = {
  lane: { kind: 'standard' },
  run: 'inline',
  awaitsDecision: false,
  maxConcurrency: 10,
  retired: false,
  submittedBy: 'clients',
  description: '',
  events: 'outcomes',
  searchKeys: [],
  uploads: [],
} as const;
const DEFAULT_BATCH_SIZE = 5;
const OPTIONAL = [...Object.keys(DEFAULTS), 'timeoutSeconds', 'maxAttempts', 'batchSize', 'batchRuns'];

/**
 * Declares a job type, the single source of its lane, route, request model, consumer and documentation.
 *
 * @throws ContractError naming the job type, the field and what to change
 */
export function defineJobType<
  Input,
  Result,
  Sent = Input,
  const SearchKey extends string = never,
  const UploadField extends string = never,
  AwaitsDecision extends boolean = false,
>(
  definition: JobTypeDefinition<Input, Result> & Partial<Declared<Input, Sent, SearchKey, UploadField, AwaitsDecision>>,
): JobType<Input, Result> & Declared<Input, Sent, SearchKey, UploadField, AwaitsDecision> {
  const jobType = withDefaults(definition);
  const problem = findProblem(jobType, OPTIONAL);
  if (problem) throw new ContractError(`job type "${definition.name}": ${problem}`);
  return Object.freeze(jobType) as JobType<Input, Result> &
    Declared<Input, Sent, SearchKey, UploadField, AwaitsDecision>;
}

function withDefaults<Input, Result>(definition: JobTypeDefinition<Input, Result>): JobType<Input, Result> {
  const given = { ...DEFAULTS, ...definition };
  // an unknown kind of run is refused later, with a message
  const run = given.run in RUN_KINDS ? given.run : DEFAULTS.run;
  const { timeoutSeconds, maxAttempts, batchRuns } = RUN_KINDS[run];
  const timed = {
    timeoutSeconds: timeoutSeconds.default,
    maxAttempts: maxAttempts.default,
    // a single attempt must not be lost to another job's crash
    batchRuns: given.maxAttempts === 1 ? ('one-by-one' as const) : batchRuns,
    ...given,
  };
  const fits = (batchSize: number) => longestBatchSeconds({ ...timed, run, batchSize }) <= LONGEST_CONSUMER_SECONDS;
  let batchSize = DEFAULT_BATCH_SIZE;
  while (batchSize > 1 && !fits(batchSize)) batchSize -= 1;
  return { batchSize, ...timed };
}
