import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { type Destination, type Refusal, sendCalls } from '../runtime/stream/delivery.ts';
import { grouped } from '../runtime/stream/grouped.ts';

/** The Kinesis stream of a stage. */
export const eventStreamName = (stage: string): string => `spillway-${stage}-events`;

/**
 * PutRecords takes 500 records and 5 MiB a call, with the keys
 * (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html).
 */
const RECORDS_A_CALL = 500;
const BYTES_A_CALL = 4 * 1024 * 1024;

/**
 * All events of a job have the same key, and so the same shard. A key takes at most 256 characters; an event's id begins with a
 * hash of its job.
 */
export const partitionKeyOf = ({ id }: JobEvent): string => id.replace(/\.\d+$/, '');

/**
 * Puts events on a Kinesis stream. The order of each job is kept: Kinesis may refuse a single record of a call and take those
 * after it, so a call has one event of each job, and a job's later events wait until the earlier one was taken.
 */
export const streamDestination = (client: Pick<KinesisClient, 'send'>, stream: string): Destination<JobEvent> => ({
  name: 'kinesis',
  async send(events, abortSignal) {
    const refusals: Refusal<JobEvent>[] = [];
    const held = new Map<string, string>();
    for (const wave of wavesOf(events)) {
      const free = wave.filter((event) => !held.has(partitionKeyOf(event)));
      const waiting = wave.filter((event) => held.has(partitionKeyOf(event)));
      const refused = await sendCalls(grouped(free, RECORDS_A_CALL, BYTES_A_CALL), async (chunk) => {
        const Records = chunk.map((event) => ({
          Data: Buffer.from(JSON.stringify(event)),
          PartitionKey: partitionKeyOf(event),
        }));
        const command = new PutRecordsCommand({ StreamName: stream, Records });
        const { Records: answers = [] } = await client.send(command, { abortSignal });
        return chunk.flatMap((entry, index) => {
          const code = answers[index]?.ErrorCode;
          return code ? [{ entry, code, forGood: false }] : [];
        });
      });
      for (const { entry, code } of refused) held.set(partitionKeyOf(entry), code);
      const alsoHeld = waiting.map((entry) => ({ entry, code: held.get(partitionKeyOf(entry)) ?? '', forGood: false }));
      refusals.push(...refused, ...alsoHeld);
    }
    return refusals;
  },
});

/** The first event of each job, then the second of each, and so on. */
function wavesOf(events: readonly JobEvent[]): JobEvent[][] {
  const waves: JobEvent[][] = [];
  const seen = new Map<string, number>();
  for (const event of events) {
    const key = partitionKeyOf(event);
    const place = seen.get(key) ?? 0;
    seen.set(key, place + 1);
    waves[place] = [...(waves[place] ?? []), event];
  }
  return waves;
}
