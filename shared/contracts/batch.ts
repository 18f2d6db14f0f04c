import * as z from 'zod/mini';
import { Accepted } from './job.ts';
import { ATTRIBUTES, CLIENT_ATTRIBUTES, type ClientAttribute, type ClientAttributeName } from './submit-attributes.ts';

/** A field of an entry that is neither the input nor, like a header, the same for the whole batch. */
export interface EntryOption {
  /** Its name in {@link ATTRIBUTES}. */
  option: ClientAttributeName;
  row: ClientAttribute;
}

/** The fields of an entry by their names there: the job id is `id`, the others are named as in a submit. */
export const ENTRY_OPTIONS: ReadonlyMap<string, EntryOption> = new Map(
  (Object.entries(CLIENT_ATTRIBUTES) as [ClientAttributeName, ClientAttribute][])
    .filter(([, { from }]) => from !== 'header')
    .map(([option, row]) => [row === ATTRIBUTES.jobId ? 'id' : row.name, { option, row }]),
);

/** A problem document (RFC 9457) about one entry. */
export const EntryProblem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});

export type EntryProblem = z.infer<typeof EntryProblem>;

/** The answer to a batch: an entry for each job, in the order of the request. */
export const BatchAccepted = z.strictObject({
  jobs: z.array(z.union([Accepted, z.strictObject({ problem: EntryProblem })])),
});
export type BatchAccepted = z.infer<typeof BatchAccepted>;
export type BatchEntryAnswer = BatchAccepted['jobs'][number];
