import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { type Destination, sendCalls } from '../runtime/stream/delivery.ts';
import { grouped } from '../runtime/stream/grouped.ts';
import { BYTES_A_CALL, ENTRIES_A_CALL } from './limits.ts';

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
 * Puts events on the bus, ten at a time and in order. The bus itself keeps no order. PutEvents answers 200 even if some entries
 * fail.
 */
export const busDestination = (client: Pick<EventBridgeClient, 'send'>, bus: string): Destination<JobEvent> => ({
  name: 'bus',
  send: (events, abortSignal) =>
    sendCalls(grouped(events, ENTRIES_A_CALL, BYTES_A_CALL), async (chunk) => {
      const command = new PutEventsCommand({ Entries: chunk.map((event) => entryOf(event, bus)) });
      const { Entries = [] } = await client.send(command, { abortSignal });
      return chunk.flatMap((entry, index) => {
        const code = Entries[index]?.ErrorCode;
        return code ? [{ entry, code, forGood: FOR_GOOD.includes(code) }] : [];
      });
    }),
});
