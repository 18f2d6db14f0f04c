import * as z from 'zod/mini';
import { CURSOR, HeldKey } from './job.ts';

/** A blocked key as operators see it. */
export const BlockedKey = z.extend(HeldKey, {
  tenant: z.string(),
  type: z.string(),
  /** The error of the job that failed. */
  code: z.string(),
  message: z.string(),
});
export type BlockedKey = z.infer<typeof BlockedKey>;

/** A page of blocked keys; those that failed last come first. */
export const BlockedKeyList = z.strictObject({
  blockedKeys: z.array(BlockedKey),
  /** Where the next page begins. The last page has none. */
  cursor: z.optional(z.string().check(z.regex(CURSOR))),
});
export type BlockedKeyList = z.infer<typeof BlockedKeyList>;

/** What an operator can do: `release` runs the failed job again, and `skip` leaves it FAILED; then the later jobs run. */
export const UNBLOCK_ACTIONS = ['release', 'skip'] as const;
export type UnblockAction = (typeof UNBLOCK_ACTIONS)[number];

/** What an operator decides about a blocked key. */
export const UnblockRequest = z.strictObject({
  tenant: z.string(),
  type: z.string(),
  key: z.string(),
  action: z.enum(UNBLOCK_ACTIONS),
});
export type UnblockRequest = z.infer<typeof UnblockRequest>;

/** What became of it. */
export const Unblocked = z.extend(UnblockRequest, {
  /** The job that had failed. */
  jobId: z.string(),
  /** How long it takes at most until the key goes on, on an idle lane. It is an hour if the message could not be reached. */
  withinSeconds: z.int(),
});
export type Unblocked = z.infer<typeof Unblocked>;
