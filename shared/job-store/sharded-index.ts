import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/** An index whose entries of one kind are spread over several partitions, and sorted by time within each of them. */
export interface ShardedIndex {
  IndexName: string;
  /** The attribute that is its partition key. */
  hash: string;
  /** The attribute that is its sort key: a time in RFC 3339, `#`, and digits that make it unique. */
  range: string;
}

/** An entry of an index: the row's key, its position, and what else the index holds. */
export interface IndexEntry {
  pk: string;
  [attribute: string]: unknown;
}

/** Which entries to read. */
export interface Walk {
  partitions: readonly string[];
  /** Whether the newest entries come first, or the oldest. */
  order: 'newest' | 'oldest';
  /** Only entries from this position on; by default from the first. */
  low?: string | undefined;
  /** Only entries up to this position; by default to the last. */
  high?: string | undefined;
  /** How many entries a chunk has at most. */
  size: number;
}

/** How much more than its average share of a chunk is read from each partition, so that few chunks need a second round. */
const SHARE = 2;

/** Before and after all times. */
const FIRST = '0';
const LAST = '~';

/** The position right behind another one, and the one right before it. All positions have the same length. */
export const after = (position: string) => `${position}!`;
export const before = (position: string) =>
  `${position.slice(0, -1)}${String.fromCharCode(position.charCodeAt(position.length - 1) - 1)}~`;

/** Reads the entries of all partitions of an index in the order of time. */
export function shardedIndex(dynamo: DynamoDBDocumentClient, table: string, { IndexName, hash, range }: ShardedIndex) {
  const positionOf = (entry: IndexEntry) => String(entry[range]);

  async function partitionPage({ order }: Walk, partition: string, bounds: [string, string], limit: number) {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${hash} = :key AND ${range} BETWEEN :low AND :high`,
        ExpressionAttributeValues: { ':key': partition, ':low': bounds[0], ':high': bounds[1] },
        ScanIndexForward: order === 'oldest',
        Limit: limit,
      }),
    );
    return { entries: Items as IndexEntry[], readTo: LastEvaluatedKey?.[range] as string | undefined };
  }

  /** Reads every partition from the same position on. @returns the entries, and the position to which they are complete */
  async function round(walk: Walk, bounds: [string, string]) {
    const sign = walk.order === 'newest' ? -1 : 1;
    const limit = Math.ceil((SHARE * walk.size) / walk.partitions.length);
    const pages = await Promise.all(walk.partitions.map((key) => partitionPage(walk, key, bounds, limit)));
    const inOrder = (a: string, b: string) => (a < b ? -sign : sign);
    // all partitions have been read as far as the one that stopped first
    const complete = pages.flatMap(({ readTo }) => readTo ?? []).sort(inOrder)[0];
    const entries = pages
      .flatMap((page) => page.entries)
      .filter(
        (entry) => complete === undefined || positionOf(entry) === complete || inOrder(positionOf(entry), complete) < 0,
      )
      .sort((a, b) => inOrder(positionOf(a), positionOf(b)));
    return { entries, complete };
  }

  /** The entries in chunks, and whether there are more behind a chunk. */
  async function* chunks(walk: Walk): AsyncGenerator<{ chunk: IndexEntry[]; more: boolean }> {
    let [low, high] = [walk.low ?? FIRST, walk.high ?? LAST];
    for (;;) {
      const { entries, complete } = await round(walk, [low, high]);
      while (entries.length > 0) {
        const chunk = entries.splice(0, walk.size);
        yield { chunk, more: entries.length > 0 || complete !== undefined };
      }
      if (complete === undefined) return;
      if (walk.order === 'newest') high = before(complete);
      else low = after(complete);
    }
  }

  return { chunks };
}
