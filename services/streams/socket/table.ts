import { createHash } from 'node:crypto';
import type { Target } from './targets.ts';

/*
 * The table of connections has three kinds of rows:
 *
 * | row          | pk                  | sk                       |
 * | ------------ | ------------------- | ------------------------ |
 * | connection   | connection#<id>     | connection               |
 * | subscription | the target          | <2 hex digits>#<id>      |
 * | presence     | tenant#<tenant>     | presence                 |
 */

/** Connections whose access ends, by the time of their end. Other rows are not in it. */
export const ENDS_INDEX = 'ends';
/**
 * Each connection is written to the index twice, and a partition takes 1,000 writes a second. API Gateway opens 500
 * connections a second at most, so four partitions never fill.
 */
export const ENDS_PARTITIONS = ['ends#0', 'ends#1', 'ends#2', 'ends#3'] as const;

/** The row of a connection. */
export interface ConnectionRow {
  pk: string;
  sk: string;
  id: string;
  tenant: string;
  /** The API that it came through, which has the connection's URL. */
  apiId: string;
  /** When its access token expires, seconds since 1970. */
  until: number;
  /** The keys of what it is subscribed to. */
  targets?: Set<string>;
  /** Until when it catches up with many jobs, milliseconds since 1970 (catch-up-locks.ts). */
  catchingUpUntil?: number;
  endsKey: string;
  expiresAt: number;
}

/** The row of a subscription. */
export interface SubscriptionRow {
  pk: string;
  sk: string;
  id: string;
  until: number;
  expiresAt: number;
}

/** The row that says until when a tenant may have subscriptions of each kind: most tenants have none. */
export type PresenceRow = { pk: string; sk: string; apiId: string; expiresAt: number } & {
  [Kind in Target['kind']]?: number;
};

export const connectionKey = (id: string) => ({ pk: `connection#${id}`, sk: 'connection' });
export const presenceKey = (tenant: string) => ({ pk: `tenant#${tenant}`, sk: 'presence' });
export const subscriptionKey = (target: string, id: string) => ({ pk: target, sk: `${spread(id)}#${id}` });

export const endsKeyOf = (id: string): string =>
  ENDS_PARTITIONS[Number.parseInt(spread(id), 16) % ENDS_PARTITIONS.length] as string;

/** Two hex digits, by which the connections of a target are split evenly. */
const spread = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 2);

/** The parts of a target's connections that are handed on one by one: by the first hex digit. */
export const PARTS = [...'0123456789abcdef'];

/** TTL removes what was not removed in the ordinary way: whatever is left an hour after its token expired. */
export const KEPT_AFTER_SECONDS = 3600;
