import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { type PoisonPlace, park, sendAll } from '@spillway/shared/runtime/stream/stream-batch.ts';

/** Where events are published. */
export interface Destination {
  /** Part of the name under which its refused events are parked. */
  name: string;
  /** Sends events, in order. @returns those that were refused, and why */
  send(events: readonly JobEvent[]): Promise<Refused[]>;
}

export interface Refused {
  event: JobEvent;
  /** The destination's own code. */
  code: string;
  /** Whether it will refuse the event each time, because of what the event is. */
  forGood: boolean;
}

/**
 * The longest event that is published: EventBridge takes 256 KB an entry, and SNS 256 KiB a message with its attributes, so
 * this leaves a margin for source, type and attributes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export const LONGEST_EVENT_BYTES = 240_000;

/** Both also take at most this in one call, and at most ten entries. */
export const ENTRIES_A_CALL = 10;
export const BYTES_A_CALL = LONGEST_EVENT_BYTES;

/** Parks the events that no destination takes. @returns the others */
export async function parkTooLong(events: readonly JobEvent[], place: PoisonPlace): Promise<JobEvent[]> {
  const fitting: JobEvent[] = [];
  for (const event of events) {
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (bytes <= LONGEST_EVENT_BYTES) fitting.push(event);
    else await park(place, `${event.id}-long`, `the event has ${bytes} bytes`, { event });
  }
  return fitting;
}

/**
 * Sends events to all destinations. One that fails does not keep the others from theirs. An event that a destination refuses
 * for good is parked: it would hold up its shard.
 *
 * @throws NotDeliveredError or the error of a call, if a retry of the whole batch can help. Event ids reveal what was sent
 */
export async function sendToAll(
  events: readonly JobEvent[],
  destinations: readonly Destination[],
  place: PoisonPlace,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  const results = await Promise.allSettled(
    destinations.map(({ name, send }) =>
      sendAll(
        events,
        async (left) => {
          const again: JobEvent[] = [];
          for (const { event, code, forGood } of await send(left)) {
            if (!forGood) again.push(event);
            else await park(place, `${event.id}-${name}`, `refused by the ${name}: ${code}`, { event });
          }
          return again;
        },
        pause,
      ),
    ),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
