import * as z from 'zod/mini';
import type { JobStatus } from './job.ts';

/** The statuses in which a job can be cancelled: those before its outcome. */
export const CANCELLABLE = ['QUEUED', 'SCHEDULED', 'RUNNING', 'WAITING'] as const satisfies JobStatus[];
export type Cancellable = (typeof CANCELLABLE)[number];

/** Whether a job in this status can be cancelled. */
export const isCancellable = (status: JobStatus): status is Cancellable =>
  (CANCELLABLE as readonly JobStatus[]).includes(status);

const time = z.iso.datetime({ offset: true });

/** Which jobs of a type to cancel: those that fit all of these. The search keys of the type's contract come beside them. */
export const JobFilter = z.strictObject({
  /** Their status when the request was made. */
  status: z.optional(z.enum(CANCELLABLE)),
  /** Accepted at this time or later. */
  from: z.optional(time),
  /** Accepted before this time. */
  to: z.optional(time),
});
export type JobFilter = z.infer<typeof JobFilter>;

/** What a tenant asks to be cancelled. */
export const CancellationRequest = z.strictObject({
  /** A {@link JobFilter} with any of the contract's search keys. */
  filter: z.record(z.string(), z.unknown()),
  /** Only counts what would be cancelled. */
  dryRun: z.optional(z.boolean()),
});
export type CancellationRequest = z.infer<typeof CancellationRequest>;

/** What a dry run has counted. */
export const Counted = z.strictObject({
  matched: z.int().check(z.nonnegative()),
  /** Present if there are more than could be counted in time. */
  more: z.optional(z.literal(true)),
});
export type Counted = z.infer<typeof Counted>;
