import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { grouped } from '@spillway/shared/runtime/stream/grouped.ts';
import { BYTES_A_CALL, ENTRIES_A_CALL, type Refused } from './destination.ts';

/**
 * What is wrong with an entry itself. Other codes pass with time
 * (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html).
 */
const FOR_GOOD = ['InvalidArgument', 'MalformedDetail'];

/** An event as an entry of PutEvents. */
export const entryOf = (event: JobEvent, bus: string): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: event.source,
  DetailType: event.type,
  Detail: JSON.stringify(event),
  Time: new Date(event.time),
});

/**
 * Puts events on the bus, ten at a time and in order. The bus itself keeps no order.
 *
 * @returns the events that the bus refused; PutEvents answers 200 even if some entries fail
 */
export async function putEvents(client: Pick<EventBridgeClient, 'send'>, bus: string, events: readonly JobEvent[]) {
  const refused: Refused[] = [];
  for (const chunk of grouped(events, ENTRIES_A_CALL, BYTES_A_CALL, (event) => JSON.stringify(event))) {
    const command = new PutEventsCommand({ Entries: chunk.map((event) => entryOf(event, bus)) });
    const { Entries = [] } = await client.send(command);
    for (const [index, event] of chunk.entries()) {
      const code = Entries[index]?.ErrorCode;
      if (code) refused.push({ event, code, forGood: FOR_GOOD.includes(code) });
    }
  }
  return refused;
}
