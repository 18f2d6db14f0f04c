import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { LONGEST_EVENT_BYTES, parkTooLong } from './limits.ts';
import { topicDestination } from './publish-batch.ts';
import { busDestination } from './put-events.ts';

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
const { signal } = new AbortController();

it('parks an event that is too long for every destination, and publishes the others', async () => {
  const parked: string[] = [];
  const place = {
    archive: { put: async (key: string) => void parked.push(key) },
    reader: 'streams',
    parked: () => {},
  };
  const long = eventOf('long', { subject: 'é'.repeat(LONGEST_EVENT_BYTES / 2) });
  const fitting = await parkTooLong([eventOf('a'), long, eventOf('c')], place);
  expect(fitting.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(parked).toEqual(['parked/streams/long-long.json']);
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
    await busDestination(client, 'bus').send(many, signal);
    const long = ['a', 'b', 'c'].map((id) => eventOf(id, { subject: 'x'.repeat(100_000) }));
    await busDestination(client, 'bus').send(long, signal);
    expect(sizes).toEqual([10, 2, 2, 1]);
  });

  it('to the bus distinguishes what is wrong with an event from what passes with time', async () => {
    const answers = [{ ErrorCode: 'MalformedDetail' }, { EventId: '1' }, { ErrorCode: 'ThrottlingException' }];
    const client = { send: async () => ({ Entries: answers }) } as unknown as Pick<EventBridgeClient, 'send'>;
    const refused = await busDestination(client, 'bus').send(events, signal);
    expect(refused.map(({ entry, forGood }) => [entry.id, forGood])).toEqual([
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
    const refused = await topicDestination(client, 'topic').send(events, signal);
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
