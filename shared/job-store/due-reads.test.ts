import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { memoryTable } from '../testing/memory-table.ts';
import { dueReads, type TickPart } from './due-reads.ts';
import { DUE_PARTITIONS } from './keys.ts';

const MINUTE = new Date('2026-11-27T12:00:00.000Z');
const at = (seconds: number) => new Date(MINUTE.getTime() + seconds * 1000).toISOString();

/** What a tick finds, by the rows' names, in a table with these places in the due index; and its number of queries. */
async function ticks(places: Record<string, string>, partitionOf = (n: number) => n) {
  const { client, rows } = memoryTable();
  for (const [n, [pk, time]] of Object.entries(places).entries()) {
    const dueKey = DUE_PARTITIONS[partitionOf(n) % DUE_PARTITIONS.length];
    rows.set(pk, { pk, dueKey, dueSort: `${time}#${String(n).padStart(16, '0')}` });
  }
  let queries = 0;
  const send = (command: never) => {
    queries += 1;
    return client.send(command);
  };
  const parts: TickPart[] = [];
  const { ofTick } = dueReads({ send } as unknown as DynamoDBDocumentClient, 'jobs');
  for await (const part of ofTick(MINUTE)) parts.push(part);
  const names = (overdue: boolean) =>
    parts.filter((part) => part.overdue === overdue).flatMap(({ references }) => references.map(({ pk }) => pk));
  return { queries, order: parts.map(({ overdue }) => overdue), ahead: names(false), overdue: names(true) };
}

describe('the reads of a tick', () => {
  it('ask each partition once, and find nothing if nothing falls due', async () => {
    expect(await ticks({ later: at(500) })).toEqual({ queries: 16, order: [], ahead: [], overdue: [] });
  });

  it('find with one query per partition what falls due in the minute after the next one, what is overdue, and nothing else', async () => {
    const found = await ticks({
      'long ago': at(-86_400),
      overdue: at(-31),
      'not overdue yet': at(-29),
      'of the tick before': at(59),
      first: at(60),
      last: at(119),
      'of the next tick': at(120),
    });
    expect(found).toEqual({
      queries: 16,
      order: [false, true],
      ahead: ['first', 'last'],
      overdue: ['long ago', 'overdue'],
    });
  });

  it('do not let a backlog of what is overdue delay what falls due, and miss nothing of either', async () => {
    const backlog = Array.from({ length: 1200 }, (_, n) => [`old-${n}`, at(-90_000 + n)] as const);
    const soon = Array.from({ length: 30 }, (_, n) => [`soon-${n}`, at(60 + n)] as const);
    // one partition has it all, and gives 500 entries at a time
    const found = await ticks(Object.fromEntries([...backlog, ...soon]), () => 0);
    expect(found.order[0]).toBe(false);
    expect(found.order.lastIndexOf(false)).toBeLessThan(found.order.indexOf(true));
    expect(found.ahead.toSorted()).toEqual(soon.map(([pk]) => pk).toSorted());
    expect(found.overdue).toEqual(backlog.map(([pk]) => pk));
  });
});
