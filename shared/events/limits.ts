import type { JobEvent } from '../contracts/events/job-event.ts';
import { type PoisonPlace, park } from '../runtime/stream/stream-batch.ts';

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

const bytesOf = (event: JobEvent) => Buffer.byteLength(JSON.stringify(event));

/** Whether neither the bus nor the topic takes an event. */
export const isTooLong = (event: JobEvent): boolean => bytesOf(event) > LONGEST_EVENT_BYTES;

/** Parks the events that no destination takes. @returns the others */
export async function parkTooLong(events: readonly JobEvent[], place: PoisonPlace): Promise<JobEvent[]> {
  const fitting: JobEvent[] = [];
  for (const event of events) {
    if (isTooLong(event)) await park(place, `${event.id}-long`, `the event has ${bytesOf(event)} bytes`, { event });
    else fitting.push(event);
  }
  return fitting;
}
