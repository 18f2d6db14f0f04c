import type { DynamoDBRecord } from 'aws-lambda';
import type { JobEvent } from '../../contracts/events.ts';
import { eventOf } from '../../job-store/stream-events.ts';
import type { Objects } from '../objects.ts';

/** How often entries that a service refused are sent again before the batch as a whole is left to the event source. */
const TRIES = 4;
const FIRST_PAUSE_MS = 100;

/** A service kept refusing some entries; the event source delivers the whole batch again, and event ids tell what is new. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
  readonly code = 'NOT_DELIVERED';
}

/** Where a reader of the table's stream puts what it cannot read. */
export interface PoisonPlace {
  archive: Pick<Objects, 'put'>;
  /** The reader's name, a folder of the archive. */
  reader: string;
  /** Tells the operators. */
  parked(key: string, thrown: unknown): void;
}

/**
 * The events of a batch of the table's stream, in order. A record that is none of ours is parked: it would be no better
 * the next time, and thrown it would hold up its shard.
 */
export async function eventsOf(records: readonly DynamoDBRecord[], place: PoisonPlace): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for (const record of records) {
    try {
      const event = eventOf(record);
      if (event) events.push(event);
    } catch (thrown) {
      const key = `parked/${place.reader}/${record.dynamodb?.SequenceNumber ?? record.eventID}.json`;
      await place.archive.put(key, JSON.stringify({ reason: String(thrown), record }), 'application/json');
      place.parked(key, thrown);
    }
  }
  return events;
}

/**
 * Sends entries, and those that were refused again after a doubling pause.
 *
 * @param send answers which of the entries it was given were refused
 * @throws NotDeliveredError if some are refused every time
 */
export async function sendAll<Entry>(
  entries: readonly Entry[],
  send: (entries: readonly Entry[]) => Promise<Entry[]>,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  let left = entries;
  for (let tries = 0; tries < TRIES && left.length > 0; tries += 1) {
    if (tries > 0) await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
    left = await send(left);
  }
  if (left.length > 0)
    throw new NotDeliveredError(`${left.length} of ${entries.length} entries were refused ${TRIES} times`);
}
