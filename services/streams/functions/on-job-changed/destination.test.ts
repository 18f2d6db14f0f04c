import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { NotDeliveredError } from '@spillway/shared/runtime/stream/stream-batch.ts';
import { type Destination, LONGEST_EVENT_BYTES, parkTooLong, sendToAll } from './destination.ts';
import { publishBatch } from './publish-batch.ts';
import { putEvents } from './put-events.ts';

const eventOf = (id: string, more: object = {}): JobEvent =>
  ({
    id,
    type: 'job.failed',
    source: 'spillway.jobs',
    time: '2026-11-27T10:00:00.000Z',
    data: { tenant: 't', jobType: 'csv-import' },
    ...more,
  }) as JobEvent;
const events = ['a', 'b', 'c'].map((id) => eventOf(id));
const noPause = async () => {};

/** A place that keeps what is parked. */
function parking() {
  const parked: string[] = [];
  const archive = { put: async (key: string) => void parked.push(key) };
  return { parked, place: { archive, reader: 'streams', parked: () => {} } };
}

/** A destination that refuses some events with a code, as often as given. */
function refusing(ids: string[], forGood: boolean, times = Number.POSITIVE_INFINITY) {
  const taken: string[] = [];
  let calls = 0;
  const destination: Destination = {
    name: 'bus',
    async send(sent) {
      calls += 1;
      const refused = sent.filter(({ id }) => calls <= times && ids.includes(id));
      taken.push(...sent.filter((event) => !refused.includes(event)).map(({ id }) => id));
      return refused.map((event) => ({ event, code: 'No', forGood }));
    },
  };
  return { taken, destination };
}

describe('a batch of events', () => {
  it('parks what a destination refuses for good, and delivers the events before and after it', async () => {
    const { parked, place } = parking();
    const { taken, destination } = refusing(['b'], true);
    await sendToAll(events, [destination], place, noPause);
    expect([taken, parked]).toEqual([['a', 'c'], ['parked/streams/b-bus.json']]);
  });

  it('sends the refused half of a batch again, and parks nothing', async () => {
    const { parked, place } = parking();
    const { taken, destination } = refusing(['a', 'b'], false, 2);
    await sendToAll(events, [destination], place, noPause);
    expect([taken, parked]).toEqual([['c', 'a', 'b'], []]);
  });

  it('leaves it to the event source when a destination refuses events that it will take later, and still serves the other one', async () => {
    const { place } = parking();
    const down = refusing(['a'], false).destination;
    const up = refusing([], false);
    await expect(sendToAll(events, [down, up.destination], place, noPause)).rejects.toThrow(NotDeliveredError);
    expect(up.taken).toEqual(['a', 'b', 'c']);
  });

  it('parks an event that is too long for every destination, and publishes the others', async () => {
    const { parked, place } = parking();
    const long = eventOf('long', { subject: 'é'.repeat(LONGEST_EVENT_BYTES / 2) });
    const fitting = await parkTooLong([eventOf('a'), long, eventOf('c')], place);
    expect(fitting.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(parked).toEqual(['parked/streams/long-long.json']);
  });
});

describe('a call', () => {
  const many = Array.from({ length: 12 }, (_, index) => eventOf(String(index)));

  it('takes at most ten events, and fewer if they are long', async () => {
    const sizes: number[] = [];
    const client = {
      send: async ({ input }: PutEventsCommand) => {
        sizes.push(input.Entries?.length ?? 0);
        return { Entries: [] };
      },
    } as unknown as Pick<EventBridgeClient, 'send'>;
    await putEvents(client, 'bus', many);
    await putEvents(
      client,
      'bus',
      ['a', 'b', 'c'].map((id) => eventOf(id, { subject: 'x'.repeat(100_000) })),
    );
    expect(sizes).toEqual([10, 2, 2, 1]);
  });

  it('to the bus distinguishes what is wrong with an event from what passes with time', async () => {
    const answers = [{ ErrorCode: 'MalformedDetail' }, { EventId: '1' }, { ErrorCode: 'ThrottlingException' }];
    const client = { send: async () => ({ Entries: answers }) } as unknown as Pick<EventBridgeClient, 'send'>;
    const refused = await putEvents(client, 'bus', events);
    expect(refused.map(({ event, forGood }) => [event.id, forGood])).toEqual([
      ['a', true],
      ['c', false],
    ]);
  });

  it('to the topic has the attributes by which subscriptions filter, and distinguishes refusals for good from others', async () => {
    const sent: PublishBatchCommand['input'][] = [];
    const Failed = [
      { Id: '0', Code: 'InvalidParameter', SenderFault: true },
      { Id: '1', Code: 'AuthorizationError', SenderFault: true },
      { Id: '2', Code: 'InternalError', SenderFault: false },
    ];
    const client = {
      async send({ input }: PublishBatchCommand) {
        sent.push(input);
        return { Failed };
      },
    } as unknown as Pick<SNSClient, 'send'>;
    const refused = await publishBatch(client, 'topic', events);
    expect(refused.map(({ forGood }) => forGood)).toEqual([true, false, false]);
    const { MessageAttributes = {} } = sent[0]?.PublishBatchRequestEntries?.[0] ?? {};
    expect(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue])).toEqual([
      ['type', 'job.failed'],
      ['outcome', 'FAILED'],
      ['tenant', 't'],
      ['jobType', 'csv-import'],
    ]);
  });
});
