import * as z from 'zod/mini';
import { DUE, isName, LONGEST_NAME, NOT_LANES } from './names.ts';
import { ORDER_KEY } from './order-key.ts';
import {
  goesOnAlone,
  LONGEST_CONSUMER_SECONDS,
  longestBatchSeconds,
  RUN_KINDS,
  type RunKind,
  type RunKindName,
} from './run-kinds.ts';
import { searchKeyProblem } from './search-keys.ts';
import { uploadProblem } from './upload-fields.ts';

/** What is checked of a job type, with its defaults. */
interface Checked {
  name: string;
  input: z.core.$ZodType;
  result: z.core.$ZodType;
  example: { input: unknown; result: unknown };
  lane: CheckedLane;
  run: RunKindName;
  timeoutSeconds: number;
  maxAttempts: number;
  maxConcurrency: number;
  batchSize: number;
  batchRuns: RunKind['batchRuns'];
  awaitsDecision: boolean;
  events: string;
  submittedBy: string;
  searchKeys: readonly string[];
  uploads: readonly string[];
}

type CheckedLane = { kind: 'standard' } | { kind: 'ordered'; orderKey: string; onFailure?: string };

/** The names of other queues, whatever kind of lane the job type has. */
const TAKEN = new RegExp(
  `^(${[DUE, ...NOT_LANES].map((name) => name.replace(/\.fifo$/, '').replace('*', '.*')).join('|')})$`,
);

const REQUIRED = ['name', 'service', 'summary', 'input', 'result', 'example'];

/**
 * The first problem of a job type, with the name of the field, or undefined.
 *
 * @param optional the fields that a contract may leave out
 */
export function findProblem(jobType: Checked, optional: readonly string[]): string | undefined {
  const { name, timeoutSeconds, maxAttempts, maxConcurrency, batchSize, batchRuns, lane, run, events } = jobType;
  if (!isName(name)) return `name must be kebab-case and at most ${LONGEST_NAME} characters`;
  if (TAKEN.test(name)) {
    return `name "${name}" is taken by another queue of the platform: do not use ${[DUE, ...NOT_LANES].join(', ')}`;
  }
  // a misspelt field would silently have its default
  const stray = Object.keys(jobType).find((field) => !REQUIRED.includes(field) && !optional.includes(field));
  if (stray) {
    return `${stray} is unknown: the required fields are ${REQUIRED.join(', ')}; the optional ones are ${optional.join(', ')}`;
  }
  const unknown =
    oneOf('run', run, Object.keys(RUN_KINDS)) ??
    oneOf('lane.kind', lane?.kind, ['standard', 'ordered']) ??
    failureProblem(lane) ??
    oneOf('batchRuns', batchRuns, ['one-by-one', 'together']) ??
    oneOf('events', events, ['outcomes', 'all']) ??
    oneOf('submittedBy', jobType.submittedBy, ['clients', 'platform']);
  if (unknown) return unknown;
  const { shortest, longest } = RUN_KINDS[run].timeoutSeconds;
  const outside =
    between('timeoutSeconds', timeoutSeconds, shortest, longest) ??
    between('maxAttempts', maxAttempts, 1, RUN_KINDS[run].maxAttempts.most) ??
    between('maxConcurrency', maxConcurrency, 2, 1000) ??
    between('batchSize', batchSize, 1, 10);
  if (outside) return outside;
  if (batchRuns === 'together' && maxAttempts < 2 && !goesOnAlone(jobType)) {
    return 'batchRuns "together" needs maxAttempts of at least 2, because a crash costs every running job an attempt';
  }
  if (longestBatchSeconds(jobType) > LONGEST_CONSUMER_SECONDS) {
    return batchRuns === 'together'
      ? `2 × timeoutSeconds must be at most ${LONGEST_CONSUMER_SECONDS} when jobs run together, so that one can run after the others`
      : `batchSize × timeoutSeconds must be at most ${LONGEST_CONSUMER_SECONDS} when jobs run one by one`;
  }
  return (
    durableProblem(jobType) ??
    exampleProblem('input', jobType) ??
    exampleProblem('result', jobType) ??
    orderKeyProblem(jobType) ??
    searchKeyProblem(jobType, fitter(jobType), optionalTexts(jobType)) ??
    uploadProblem(jobType, fitter(jobType))
  );
}

function failureProblem(lane: CheckedLane): string | undefined {
  const given = 'onFailure' in lane ? lane.onFailure : undefined;
  if (given === undefined) return undefined;
  if (lane.kind !== 'ordered')
    return 'lane.onFailure needs lane.kind "ordered", because other jobs do not wait for each other';
  return oneOf('lane.onFailure', given, ['continue', 'stop']);
}

function durableProblem({ run, lane, awaitsDecision }: Pick<Checked, 'run' | 'lane' | 'awaitsDecision'>) {
  const durable = goesOnAlone({ run });
  if (durable && lane.kind === 'ordered') {
    return `run "${run}" needs lane: { kind: "standard" }, because the next job of a key would start while the workflow of the previous one runs`;
  }
  if (awaitsDecision && !durable)
    return 'awaitsDecision needs run: "durable", because only such a job can wait for days';
  return undefined;
}

function between(field: string, value: number, low: number, high: number): string | undefined {
  if (Number.isInteger(value) && value >= low && value <= high) return undefined;
  return `${field} must be a whole number from ${low} to ${high}, not ${value}`;
}

function oneOf(field: string, value: string | undefined, allowed: string[]): string | undefined {
  if (value !== undefined && allowed.includes(value)) return undefined;
  return `${field} must be ${allowed.map((each) => `"${each}"`).join(' or ')}, not ${JSON.stringify(value)}`;
}

function exampleProblem(part: 'input' | 'result', jobType: Checked): string | undefined {
  if (!jobType[part]?._zod) return `${part} must be a schema of zod`;
  const { error } = z.safeParse(jobType[part], jobType.example?.[part]);
  const [issue] = error?.issues ?? [];
  return issue && `${['example', part, ...issue.path].join('.')} does not fit its schema: ${issue.message}`;
}

/** Values that an order key may not have: SQS would refuse the message, and the client would be asked to try again. */
const NO_ORDER_KEYS = [undefined, '', 'a b', 'x'.repeat(65)];

/** Checks that the input has the order key's field and that only order keys fit it. */
function orderKeyProblem({ lane, input, example }: Checked): string | undefined {
  if (lane.kind !== 'ordered') return undefined;
  const sample = example.input as Record<string, unknown>;
  const fitsIt = fitter({ input, example });
  const fits = (key: unknown) => fitsIt(lane.orderKey, key);
  if (ORDER_KEY.test(String(sample[lane.orderKey] ?? '')) && !NO_ORDER_KEYS.some(fits)) return undefined;
  return `orderKey "${lane.orderKey}" must be a required field of the input, z.string().check(z.regex(ORDER_KEY))`;
}

/** Whether the example with another value of a field still fits the input. */
const fitter =
  ({ input, example }: Pick<Checked, 'input' | 'example'>) =>
  (field: string, value: unknown): boolean =>
    z.safeParse(input, { ...(example.input as Record<string, unknown>), [field]: value }).success;

/** Whether a field of the input is declared as an optional text. */
const optionalTexts =
  ({ input }: Pick<Checked, 'input'>) =>
  (field: string): boolean => {
    const { shape = {} } = input._zod.def as { shape?: Record<string, z.core.$ZodType> };
    const def = shape[field]?._zod.def as { type?: string; innerType?: z.core.$ZodType } | undefined;
    return def?.type === 'optional' && def.innerType?._zod.def.type === 'string';
  };
