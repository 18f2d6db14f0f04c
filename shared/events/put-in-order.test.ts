import type { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { delivery } from '../runtime/stream/delivery.ts';
import { partitionKeyOf, streamDestination } from './put-in-order.ts';

const eventOf = (id: string): JobEvent => ({ id }) as JobEvent;
const { signal } = new AbortController();

/** A stream that refuses the records for which `refuses` says so, and keeps the others in their order. */
function stream(refuses: () => boolean) {
  const taken: string[] = [];
  let calls = 0;
  const client = {
    async send({ input }: PutRecordsCommand) {
      calls += 1;
      const Records = (input.Records ?? []).map(({ Data }) => {
        if (refuses()) return { ErrorCode: 'ProvisionedThroughputExceededException' };
        taken.push(JSON.parse(Buffer.from(Data ?? []).toString()).id);
        return { SequenceNumber: '1' };
      });
      return { Records };
    },
  } as unknown as Pick<KinesisClient, 'send'>;
  return { destination: streamDestination(client, 's'), taken, calls: () => calls };
}

describe('the Kinesis stream', () => {
  it('keeps the order of each job and takes each event once, even if it refuses single records at first', async () => {
    const jobs = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(jobs, fc.array(fc.boolean(), { maxLength: 40 }), async (keys, refusals) => {
        const counts: Record<string, number> = {};
        const events = keys.map((key) => {
          counts[key] = (counts[key] ?? 0) + 1;
          return eventOf(`${key}.${counts[key]}`);
        });
        const left = [...refusals];
        const { destination, taken } = stream(() => left.shift() === true);
        const stored: string[] = [];
        const deliver = delivery(destination, {
          store: async (_, refused) => void stored.push(...refused.map(({ entry }) => entry.id)),
          patienceMs: 20_000,
          pause: async () => {},
        });
        await deliver(events);
        expect([...taken, ...stored].sort()).toEqual(events.map(({ id }) => id).sort());
        for (const key of new Set(keys)) {
          const inOrder = events.map(({ id }) => id).filter((id) => partitionKeyOf(eventOf(id)) === key);
          const ofKey = [...taken, ...stored].filter((id) => partitionKeyOf(eventOf(id)) === key);
          expect(ofKey).toEqual(inOrder);
        }
      }),
    );
  });

  it('puts events of different jobs into one call', async () => {
    const { destination, calls } = stream(() => false);
    await destination.send(['a.1', 'b.1', 'c.1', 'a.2'].map(eventOf), signal);
    expect(calls()).toBe(2);
  });
});
