import * as z from 'zod/mini';
import type { Pace } from './deliver.ts';
import { PARTS } from './table.ts';

/** The parameter `pushMessagesPerSecond` in the environment of a function (shared/packaging/parameter-check.ts). */
export const PushRate = z.coerce.number().check(z.positive());

/** For how long on-push sends the events of a message of its queue. */
export const LONGEST_PUSH_MS = 20_000;
/** Connections that are sent to at the same time, so that a slow one does not stop the others of its part. */
const AT_ONCE = 10;
/** How many connections a message of the queue reaches: one of 16 parts of about 6,000. */
const CONNECTIONS_OF_A_PART = 390;

/**
 * The pace of one run of on-push. There is at most one run for each part of a push (function.yml), and together they send at most
 * this many messages a second.
 */
export const paceOf = (messagesPerSecond: number): Pace => ({
  atOnce: AT_ONCE,
  intervalMs: (1000 * PARTS.length) / messagesPerSecond,
});

/** How many events a message of the queue has at most, so that a run can send them to a part of the connections in its time. */
export function mostEventsOf(messagesPerSecond: number): number {
  const sent = (messagesPerSecond / PARTS.length) * (LONGEST_PUSH_MS / 1000);
  return Math.max(1, Math.floor(sent / CONNECTIONS_OF_A_PART));
}
