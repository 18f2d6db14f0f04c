import type { DynamoDBRecord } from 'aws-lambda';
import type { JobEvent } from '../../contracts/events/job-event.ts';
import { eventsOf } from '../../job-store/stream-events.ts';
import type { Objects } from '../objects.ts';

/** Where a reader of the table's stream parks records that it cannot read. */
export interface PoisonPlace {
  archive: Pick<Objects, 'put'>;
  /** The reader's name, a folder of the archive. */
  reader: string;
  /** Observes that a record was parked. */
  parked(key: string, thrown: unknown): void;
}

/**
 * Makes the events of a batch of stream records, in order. A record that is not one of ours is parked: a retry would not
 * help, and an error would block its shard.
 */
export async function readEvents(records: readonly DynamoDBRecord[], place: PoisonPlace): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for (const record of records) {
    try {
      events.push(...eventsOf(record));
    } catch (thrown) {
      await park(place, record.dynamodb?.SequenceNumber ?? String(record.eventID), thrown, { record });
    }
  }
  return events;
}

/**
 * Parks what no retry can help, in the archive.
 *
 * @param name its name in the reader's folder, the same each time, so that a repeated batch parks it once
 */
export async function park(
  { archive, reader, parked }: PoisonPlace,
  name: string,
  reason: unknown,
  what: object,
): Promise<void> {
  const key = `parked/${reader}/${name}.json`;
  await archive.put(key, JSON.stringify({ reason: String(reason), ...what }), 'application/json');
  parked(key, reason);
}
