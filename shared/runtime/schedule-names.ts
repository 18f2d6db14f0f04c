import { createHash } from 'node:crypto';

/** The schedule group of a stage in EventBridge Scheduler. */
export const scheduleGroup = (stage: string) => `spillway-${stage}`;

/**
 * A tenant's part of the names in the group. Scheduler allows 64 of `[0-9a-zA-Z-_.]`: these 22 have 128 bits, and a
 * schedule's own name has at most 40.
 */
export const schedulePrefix = (tenant: string) =>
  `${createHash('sha256').update(tenant).digest('base64url').slice(0, 22)}.`;
