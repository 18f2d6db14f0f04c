import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { type EventType, outcomeOf } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';

/** A client's mistake, which would otherwise show only to those who look at the job. */
const MISTAKE = 'job.conflicted' satisfies EventType;

/**
 * Whether an event goes to the bus: every outcome and every conflict does, and the other events of those job types whose
 * contract says `events: 'all'`.
 *
 * @param inFull the names of these job types
 */
export const isPublished = ({ type, data }: JobEvent, inFull: ReadonlySet<string>): boolean =>
  outcomeOf(type) !== undefined || type === MISTAKE || inFull.has(data.jobType);

/**
 * PutEvents takes ten entries and 1 MB per call
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). Ten events always fit: the longest id
 * that the front door accepts is 10 KB and appears twice in an event, and an error's texts are cut.
 */
const ENTRIES_A_CALL = 10;

/** An event as an entry of PutEvents. */
export const entryOf = (event: JobEvent, bus: string): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: event.source,
  DetailType: event.type,
  Detail: JSON.stringify(event),
  Time: new Date(event.time),
});

/**
 * Puts events on the bus, ten at a time and in order.
 *
 * @returns the events that the bus refused; PutEvents answers 200 even if some entries fail
 */
export async function putEvents(client: Pick<EventBridgeClient, 'send'>, bus: string, events: readonly JobEvent[]) {
  const refused: JobEvent[] = [];
  for (let from = 0; from < events.length; from += ENTRIES_A_CALL) {
    const chunk = events.slice(from, from + ENTRIES_A_CALL);
    const command = new PutEventsCommand({ Entries: chunk.map((event) => entryOf(event, bus)) });
    const { Entries = [] } = await client.send(command);
    refused.push(...chunk.filter((_, index) => Entries[index]?.ErrorCode));
  }
  return refused;
}
