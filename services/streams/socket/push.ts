import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { Connections } from './connections.ts';
import type { Recipient } from './deliver.ts';
import type { PresenceRow } from './table.ts';
import { type Target, targetsOf } from './targets.ts';

/** More subscribers of one target than this are many: they are pushed to apart from the reader of the stream. */
export const MOST_DIRECT_SUBSCRIBERS = 50;
/**
 * As many messages as the reader itself sends for a batch: with 50 at a time, in less than half a second.
 */
export const MOST_DIRECT_MESSAGES = 500;
/** Queries at the same time. */
const QUERIES_AT_ONCE = 25;

/** Events for all subscribers of a target, who are many. */
export interface BigPush {
  target: string;
  apiId: string;
  events: readonly JobEvent[];
}

/** Who gets which events. */
export interface Plan {
  /** Sent by the reader itself. */
  direct: Recipient[];
  /** Handed on. */
  big: BigPush[];
}

/** A target that may have subscribers, with the events of a batch that they get. */
interface Wanted {
  target: Target;
  apiId: string;
  events: JobEvent[];
}

/**
 * Finds out who gets which events of a batch. A tenant without subscriptions costs a part of one read.
 *
 * @param events in order
 */
export async function planPush(
  events: readonly JobEvent[],
  store: Pick<Connections, 'presences' | 'subscribers'>,
  now: Date,
): Promise<Plan> {
  const tenants = [...new Set(events.map(({ data }) => data.tenant))];
  const wanted = wantedOf(events, await store.presences(tenants), now);
  const found: { wanted: Wanted; ids: string[] }[] = [];
  for (let from = 0; from < wanted.length; from += QUERIES_AT_ONCE) {
    const some = wanted.slice(from, from + QUERIES_AT_ONCE).map(async (each) => ({
      wanted: each,
      ids: await store.subscribers(each.target.key, now, { most: MOST_DIRECT_SUBSCRIBERS + 1 }),
    }));
    found.push(...(await Promise.all(some)));
  }
  return plan(found, events);
}

/** The targets of the events that may have subscribers. */
function wantedOf(events: readonly JobEvent[], presences: ReadonlyMap<string, PresenceRow>, now: Date): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const event of events) {
    const presence = presences.get(event.data.tenant);
    if (!presence) continue;
    for (const target of targetsOf(event)) {
      if ((presence[target.kind] ?? 0) * 1000 <= now.getTime()) continue;
      const entry = wanted.get(target.key) ?? { target, apiId: presence.apiId, events: [] };
      entry.events.push(event);
      wanted.set(target.key, entry);
    }
  }
  return [...wanted.values()];
}

function plan(found: { wanted: Wanted; ids: string[] }[], events: readonly JobEvent[]): Plan {
  const big: BigPush[] = [];
  const few = new Map<string, { apiId: string; targets: string[]; events: Set<JobEvent> }>();
  let messages = 0;
  for (const { wanted, ids } of found) {
    const { target, apiId } = wanted;
    messages += ids.length * wanted.events.length;
    if (ids.length > MOST_DIRECT_SUBSCRIBERS || (messages > MOST_DIRECT_MESSAGES && ids.length > 1)) {
      big.push({ target: target.key, apiId, events: wanted.events });
      messages -= ids.length * wanted.events.length;
      continue;
    }
    for (const id of ids) {
      const recipient = few.get(id) ?? { apiId, targets: [], events: new Set() };
      recipient.targets.push(target.key);
      for (const event of wanted.events) recipient.events.add(event);
      few.set(id, recipient);
    }
  }
  const direct = [...few].map(([id, { apiId, targets, events: own }]) => ({
    id,
    apiId,
    targets,
    // a connection that has several subscriptions to a job gets each event once, in the batch's order
    texts: events.filter((event) => own.has(event)).map((event) => JSON.stringify(event)),
  }));
  return { direct, big };
}
