import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from '@spillway/shared/runtime/at-once.ts';
import type { socketObserver } from '@spillway/shared/runtime/observers.ts';
import type { Connection, Connections } from './connections.ts';
import { sendPatiently, type Wire } from './wire.ts';

/** A connection that gets messages, and the subscriptions by which it was found. */
export interface Recipient extends Pick<Connection, 'id' | 'apiId'> {
  targets: readonly string[];
  /** In the order in which it gets them. */
  texts: readonly string[];
}

export interface Delivery {
  wire: Pick<Wire, 'send'>;
  store: Pick<Connections, 'close'>;
  observer: Pick<ReturnType<typeof socketObserver>, 'dropped' | 'gone' | 'failed'>;
  /** When to give up on whoever has not got everything, milliseconds since 1970. */
  endsAt: number;
  /** Until when connections that have ended are forgotten. By default, for as long as it takes. */
  signal?: AbortSignal;
  pace: Pace;
}

/** How fast messages are sent. */
export interface Pace {
  /** Connections that are sent to at the same time. The SDK's client has 50 sockets. */
  atOnce: number;
  /** How long after a message the next one is sent at the earliest, so that the rate has a limit. */
  intervalMs: number;
}

/** A client that is busy gets the message again after each of these pauses. */
const PAUSES_MS = [50, 200];
/** A client that took nothing is left alone for this long, so that it costs the others nothing. */
const MUTED_MS = 10_000;
/** Far more than can be busy in ten seconds. */
const MOST_MUTED = 10_000;

/** The connections that were too slow, and until when they get nothing from this instance of the function. */
const muted = new Map<string, number>();

/**
 * Sends messages to connections: to many of them at the same time, to each in order. One that takes none is skipped after a
 * few tries; what it misses it gets when it subscribes again with `since`. One that has ended is forgotten. If sending to one fails
 * for another reason, the others still get theirs.
 *
 * @returns how many messages were sent
 */
export async function deliver(recipients: readonly Recipient[], delivery: Delivery): Promise<number> {
  let sent = 0;
  const errors: unknown[] = [];
  const turn = turns(delivery.pace.intervalMs);
  await atOnce(recipients, delivery.pace.atOnce, async (recipient) => {
    try {
      const count = await deliverTo(recipient, delivery, turn);
      sent += count;
    } catch (error) {
      errors.push(error);
      drop(recipient, 0, 'it failed', delivery);
    }
  });
  if (errors.length > 0) delivery.observer.failed(errors[0]);
  return sent;
}

async function deliverTo(recipient: Recipient, delivery: Delivery, turn: () => Promise<void>): Promise<number> {
  const { id, texts, targets } = recipient;
  if ((muted.get(id) ?? 0) > Date.now()) return drop(recipient, 0, 'it was slow a moment ago', delivery);
  for (const [index, text] of texts.entries()) {
    if (Date.now() >= delivery.endsAt) return drop(recipient, index, 'the time was up', delivery);
    const send = async () => {
      await turn();
      return delivery.wire.send(recipient, text);
    };
    const result = await sendPatiently(send, PAUSES_MS, delivery.endsAt);
    if (result === 'gone') {
      delivery.observer.gone(1);
      await delivery.store.close(id, targets, delivery.signal);
      return index;
    }
    if (result === 'busy') {
      mute(id);
      return drop(recipient, index, 'it takes no messages', delivery);
    }
    if (result === 'refused') delivery.observer.dropped(id, 1, 'a message was too long');
  }
  return texts.length;
}

/** Gives whoever asks the next turn: turns are at least this long apart, and evenly so while many ask. */
function turns(intervalMs: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + intervalMs;
    if (at > now) await pause(at - now);
  };
}

function drop({ id, texts }: Recipient, sent: number, reason: string, { observer }: Delivery): number {
  observer.dropped(id, texts.length - sent, reason);
  return sent;
}

function mute(id: string): void {
  if (muted.size >= MOST_MUTED) muted.clear();
  muted.set(id, Date.now() + MUTED_MS);
}
