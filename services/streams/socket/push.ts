import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import type { Connections } from './connections.ts';
import type { Recipient } from './deliver.ts';
import type { PresenceRow } from './table.ts';
import { type Target, targetsOf } from './targets.ts';

/** More subscribers of one target than this are many: they are pushed to apart from the reader of the stream. */
export const MOST_DIRECT_SUBSCRIBERS = 50;
/** How many messages the reader itself sends to a tenant's connections for a batch: with 50 at a time, in less than half a second. */
export const MOST_DIRECT_MESSAGES = 500;
/** How many it sends to all tenants, in less than the two seconds of a push. The tenants with the fewest messages come first. */
export const MOST_DIRECT_MESSAGES_OF_ALL = 2000;
/**
 * For how long the later events of a target are handed on as well, so that they do not overtake those in the queue, which takes
 * about a second.
 */
export const STAYS_HANDED_ON_MS = 10_000;
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

/** The targets whose events go through the queue, and until when, milliseconds since 1970. */
export type HandedOn = Map<string, number>;

/** A target that may have subscribers, with the events of a batch that they get. */
interface Wanted {
  target: Target;
  tenant: string;
  apiId: string;
  events: JobEvent[];
}

/** A target with its connections, one more than MOST_DIRECT_SUBSCRIBERS at most. */
interface Found {
  wanted: Wanted;
  ids: string[];
}

/**
 * Finds out who gets which events of a batch. A tenant without subscriptions costs a part of one read.
 *
 * @param events in order
 * @param handedOn what earlier batches handed on, to which this one is added
 * @throws AbortError once the signal is aborted
 */
export async function planPush(
  events: readonly JobEvent[],
  store: Pick<Connections, 'presences' | 'subscribers'>,
  now: Date,
  handedOn: HandedOn,
  abortSignal: AbortSignal,
): Promise<Plan> {
  const tenants = [...new Set(events.map(({ data }) => data.tenant))];
  const wanted = wantedOf(events, await store.presences(tenants, abortSignal), now);
  const found: Found[] = [];
  for (const part of partsOf(wanted, QUERIES_AT_ONCE)) {
    const some = part.map(async (each) => ({
      wanted: each,
      ids: await store.subscribers(each.target.key, now, { most: MOST_DIRECT_SUBSCRIBERS + 1, abortSignal }),
    }));
    found.push(...(await Promise.all(some)));
  }
  const isBig = bigOnes(found, now, handedOn);
  return {
    direct: recipientsOf(
      found.filter((each) => !isBig.has(each)),
      events,
    ),
    big: [...isBig].map(({ wanted: { target, apiId, events: own } }) => ({ target: target.key, apiId, events: own })),
  };
}

/** The targets of the events that may have subscribers. */
function wantedOf(events: readonly JobEvent[], presences: ReadonlyMap<string, PresenceRow>, now: Date): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const event of events) {
    const presence = presences.get(event.data.tenant);
    if (!presence) continue;
    for (const target of targetsOf(event)) {
      if ((presence[target.kind] ?? 0) * 1000 <= now.getTime()) continue;
      const entry = wanted.get(target.key) ?? {
        target,
        tenant: event.data.tenant,
        apiId: presence.apiId,
        events: [],
      };
      entry.events.push(event);
      wanted.set(target.key, entry);
    }
  }
  return [...wanted.values()];
}

/** Those that are handed on: with many connections, with too many messages, or so that they stay in order. */
function bigOnes(found: readonly Found[], now: Date, handedOn: HandedOn): Set<Found> {
  for (const [key, until] of handedOn) if (until <= now.getTime()) handedOn.delete(key);
  const big = new Set(
    found.filter(
      ({ wanted: { target }, ids }) =>
        ids.length > MOST_DIRECT_SUBSCRIBERS || (ids.length > 0 && handedOn.has(target.key)),
    ),
  );
  const ofTenants = Map.groupBy(
    found.filter((each) => !big.has(each)),
    ({ wanted }) => wanted.tenant,
  );
  let sum = 0;
  for (const some of [...ofTenants.values()].sort((a, b) => messagesOf(a) - messagesOf(b))) {
    let left = Math.min(MOST_DIRECT_MESSAGES, MOST_DIRECT_MESSAGES_OF_ALL - sum);
    for (const each of some) {
      const messages = messagesOf([each]);
      // handing on is 16 messages, which is more than one connection gets
      if (messages > left && each.ids.length > 1) big.add(each);
      else [left, sum] = [left - messages, sum + messages];
    }
  }
  for (const { wanted } of big) handedOn.set(wanted.target.key, now.getTime() + STAYS_HANDED_ON_MS);
  return big;
}

const messagesOf = (found: readonly Found[]) =>
  found.reduce((sum, { ids, wanted }) => sum + ids.length * wanted.events.length, 0);

/** What each connection gets. */
function recipientsOf(found: readonly Found[], events: readonly JobEvent[]): Recipient[] {
  const few = new Map<string, { apiId: string; targets: string[]; events: Set<JobEvent> }>();
  for (const { wanted, ids } of found) {
    for (const id of ids) {
      const recipient = few.get(id) ?? { apiId: wanted.apiId, targets: [], events: new Set() };
      recipient.targets.push(wanted.target.key);
      for (const event of wanted.events) recipient.events.add(event);
      few.set(id, recipient);
    }
  }
  return [...few].map(([id, { apiId, targets, events: own }]) => ({
    id,
    apiId,
    targets,
    // a connection that has several subscriptions to a job gets each event once, in the batch's order
    texts: events.filter((event) => own.has(event)).map((event) => JSON.stringify(event)),
  }));
}
