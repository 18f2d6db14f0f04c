import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { eventsOf } from '@spillway/shared/job-store/stream-events.ts';
import { linesOf, type RefusedPlace } from './resend.ts';

/** Where records are sent, and what of their events. */
type Sending<Entry> = Pick<RefusedPlace<Entry>, 'destination' | 'lineOf'> & { entriesOf(events: JobEvent[]): Entry[] };

/**
 * The failures bucket of a service: the records of the table's stream that its event source gave up on, as Lambda puts them there
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html). Each object is a JSON document about a failed
 * invocation, with the whole event of the invocation as `payload`.
 */
export const givenUp = <Entry>(bucket: string, sending: Sending<Entry>): RefusedPlace<Entry> => ({
  ...records(sending),
  bucket,
  prefix: '',
  unreadable: 'unreadable/',
  parts: recordsIn,
});

/**
 * The records that a reader of the stream has parked because it could not read them, and that can be read now. The others, and parked
 * events, stay where they are.
 *
 * @param archive the archive bucket
 * @param reader the service
 */
export const parked = <Entry>(archive: string, reader: string, sending: Sending<Entry>): RefusedPlace<Entry> => ({
  ...records(sending),
  bucket: archive,
  prefix: `parked/${reader}/`,
  unreadable: `parked/${reader}/unreadable/`,
  parts: (text) => [text],
  read: (text) => records(sending).read(recordOf(text)),
  leavesUnreadable: true,
});

const records = <Entry>({ entriesOf, ...sending }: Sending<Entry>) => ({
  ...sending,
  read(record: string): Entry[] | undefined {
    try {
      return entriesOf(eventsOf(JSON.parse(record)));
    } catch {
      return undefined;
    }
  },
});

/** The record in an object of `parked/`; empty if it has none. */
function recordOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text).record) ?? '';
  } catch {
    return '';
  }
}

/** The records in an object, each as JSON. If it is not about an invocation, its lines, as records were put aside. */
export function recordsIn(text: string): string[] {
  try {
    const { payload } = JSON.parse(text);
    const { Records } = typeof payload === 'string' ? JSON.parse(payload) : payload;
    return Records.map((record: unknown) => JSON.stringify(record));
  } catch {
    return linesOf(text);
  }
}
