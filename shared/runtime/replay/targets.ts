import type { InputOf } from '../../contracts/job-type.ts';
import type contract from '../../contracts/jobs/replay-jobs.ts';
import type { FailureEntry, FailureFilter, failureReads } from '../../job-store/failures.ts';
import { partsOf } from '../parts-of.ts';
import type { Target } from './plan.ts';

/** How far a replay is: behind the named jobs so far, or behind a failure of one of the types. */
export interface Position {
  /** The index of the type or, among named jobs, of the next one. */
  index: number;
  /** The place of the last failure in its index. */
  failureSort?: string;
}

/** One write of the state for so many jobs; BatchGetItem reads as many rows. */
const CHUNK = 100;

type Input = InputOf<typeof contract>;

interface Chunk {
  targets: Target[];
  /** The position behind it. */
  position: Position;
}

/** What a replay is about, in chunks, from a position on. */
export const targetsOf = (
  input: Input,
  since: Date,
  position: Position = { index: 0 },
  reads: Pick<ReturnType<typeof failureReads>, 'oldestFirst' | 'jobsOf'>,
): AsyncIterable<Chunk> => (input.jobs ? named(input.jobs, position) : found(input, since, position, reads));

/** How many jobs a replay that has not begun is about. Only the index is read, because it may be millions. */
export async function countTargets(
  input: Input,
  since: Date,
  reads: Pick<ReturnType<typeof failureReads>, 'count'>,
): Promise<number> {
  if (input.jobs) return input.jobs.length;
  const { matched } = await reads.count(input.types ?? [], { ...filterOf(input, since), replayed: false }, () => false);
  return matched;
}

async function* named(jobs: NonNullable<Input['jobs']>, { index: start }: Position): AsyncGenerator<Chunk> {
  for (let index = start; index < jobs.length; index += CHUNK) {
    const targets = jobs.slice(index, index + CHUNK).map(({ jobId, ...job }) => ({ ...job, id: jobId }));
    yield { targets, position: { index: index + CHUNK } };
  }
}

async function* found(
  input: Input,
  since: Date,
  start: Position,
  reads: Pick<ReturnType<typeof failureReads>, 'oldestFirst' | 'jobsOf'>,
): AsyncGenerator<Chunk> {
  const types = input.types ?? [];
  for (let index = start.index; index < types.length; index += 1) {
    const from = index === start.index ? start.failureSort : undefined;
    for await (const entries of reads.oldestFirst(types[index] ?? '', filterOf(input, since), from)) {
      const wanted = entries.filter(({ replayedAt }) => !isReplayedBefore(since, replayedAt));
      for (const chunk of partsOf(wanted, CHUNK)) {
        const { failureSort } = chunk.at(-1) as FailureEntry;
        yield { targets: await reads.jobsOf(chunk), position: { index, failureSort } };
      }
    }
  }
}

/** Failures that happen after the replay was asked for are not meant: they may be those of jobs that it replays. */
function filterOf({ filter = {} }: Input, since: Date): FailureFilter {
  const { tenant, code, from, to } = filter;
  const end = to !== undefined && new Date(to) < since ? new Date(to) : since;
  return { tenant, code, from: from === undefined ? undefined : new Date(from), to: end };
}

/** What was replayed since then, was replayed by an earlier attempt at this replay, and belongs into its records. */
const isReplayedBefore = (since: Date, replayedAt: string | undefined) =>
  replayedAt !== undefined && replayedAt < since.toISOString();
