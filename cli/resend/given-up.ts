import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { eventsOf } from '@spillway/shared/job-store/stream-events.ts';
import { linesOf, type RefusedPlace } from './resend.ts';

/**
 * The failures bucket of a service: the records of the table's stream that its event source gave up on, as Lambda puts them there
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html). Each object is a JSON document about a failed
 * invocation, with the whole event of the invocation as `payload`.
 *
 * @param entriesOf what is sent of the events of a record
 */
export const givenUp = <Entry>(
  bucket: string,
  {
    entriesOf,
    ...sending
  }: Pick<RefusedPlace<Entry>, 'destination' | 'lineOf'> & { entriesOf(events: JobEvent[]): Entry[] },
): RefusedPlace<Entry> => ({
  ...sending,
  bucket,
  prefix: '',
  unreadable: 'unreadable/',
  parts: recordsIn,
  read: (record) => {
    try {
      return entriesOf(eventsOf(JSON.parse(record)));
    } catch {
      return undefined;
    }
  },
});

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
