import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { eventually, output, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { kinesisClient } from '@spillway/shared/events/kinesis-client.ts';

const StreamName = output('streams', 'EventStreamName');
const kinesis = kinesisClient();

/** The events of a shard from a position, in the shard's order, as a consumer reads them. */
async function readShard(ShardId: string | undefined, ShardIteratorType: ShardIteratorType): Promise<JobEvent[]> {
  const start = await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType }));
  const events: JobEvent[] = [];
  for (let ShardIterator = start.ShardIterator; ShardIterator; ) {
    const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    if (Records.length === 0) break;
    events.push(...Records.map(({ Data }) => JobEvent.parse(JSON.parse(Buffer.from(Data ?? []).toString()))));
    ShardIterator = NextShardIterator;
  }
  return events;
}

/** The events of a job in each shard that has any. */
async function eventsOf(jobId: string): Promise<JobEvent[][]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const shards = await Promise.all(Shards.map(({ ShardId }) => readShard(ShardId, 'TRIM_HORIZON')));
  return shards.map((shard) => shard.filter(({ data }) => data.jobId === jobId)).filter((shard) => shard.length > 0);
}

it('the Kinesis stream has all events of a job in one shard and in order, and gives them again to whoever reads from the beginning', async () => {
  const { body } = await submit('misbehaving-ordered', { key: `kinesis-${Date.now()}`, behave: 'fail-once' });
  await waitForOutcome('misbehaving-ordered', body.jobId);
  const read = async () => {
    const shards = await eventsOf(body.jobId);
    return shards.some((shard) => shard.at(-1)?.type === 'job.succeeded') && shards;
  };
  const [events = [], ...others] = await eventually('the outcome of the job', read);
  expect(others).toEqual([]);
  // an event may come twice, at its place
  const once = events.filter(({ id }, index) => events.findIndex((each) => each.id === id) === index);
  expect(once.map(({ type, data }) => [type, data.revision])).toEqual([
    ['job.accepted', 0],
    ['job.started', 1],
    ['job.retrying', 2],
    ['job.started', 3],
    ['job.succeeded', 4],
  ]);
  expect((await eventually('the same events again', read))[0]).toEqual(events);
});
