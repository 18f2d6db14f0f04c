import { deflateRawSync } from 'node:zlib';
import type { SQSEvent } from 'aws-lambda';
import type { DueRow } from '../../job-store/due-reads.ts';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import type { LaneEntry, Sent } from './lane-sender.ts';
import { handleDue } from './on-due.ts';

const NOW = Date.parse('2026-11-27T01:00:00.000Z');
const time = (ms: number) => new Date(NOW + ms).toISOString();

/** A scheduled job whose message is kept in its row. */
function scheduled(jobId: string, changes: Partial<DueRow> = {}): DueRow {
  const { messageId, attributes, body } = sampleMessage({ id: jobId });
  return {
    pk: `tenant-1#sample#${jobId}`,
    tenant: 'tenant-1',
    type: 'sample',
    jobId,
    status: 'SCHEDULED',
    attempt: 0,
    runAfter: time(-1000),
    dueSort: 'place',
    dueKind: 'start',
    history: [],
    kept: { messageId, attributes, lane: 'spillway-test-sample', body: { deflated: deflateRawSync(body) } },
    ...changes,
  };
}

/** Handles a message for each row. The lane answers as the function says. */
async function handle(
  rows: DueRow[],
  answer: (entries: readonly LaneEntry[]) => Partial<Sent> = (entries) => ({ sent: [...entries] }),
  there = rows,
) {
  const did: string[] = [];
  const bucket = memoryBucket();
  const event = {
    Records: rows.map(({ jobId, pk, dueSort }) => ({ messageId: jobId, body: JSON.stringify([{ pk, dueSort }]) })),
  };
  const { batchItemFailures } = await handleDue(event as unknown as SQSEvent, {
    reads: { rowsAt: async () => there },
    store: {
      enterLane: async ({ jobId }) => did.push(`${jobId} entered`) > 0,
      end: async ({ jobId }, { outcome, error, archiveKey }) =>
        did.push(`${jobId} ${outcome} ${error.code} ${archiveKey}`) > 0,
      lookAgain: async () => undefined,
    },
    lanes: {
      send: async (entries) => {
        if (entries.length > 0) did.push(`sent ${entries.map(({ row }) => row.jobId).join()}`);
        return { sent: [], unsendable: [], broken: [], ...answer(entries) };
      },
    },
    inputs: bucket,
    payloads: bucket,
    due: { send: async () => undefined },
    stage: 'test',
    firstLookSeconds: 900,
    archiveFor: ({ jobId }) => ({
      keepFailed: async () => {
        did.push(`${jobId} archived`);
        return 'key';
      },
    }),
    observerFor: () => ({ settled: () => undefined, broke: ({ messageId }) => void did.push(`${messageId} broke`) }),
    now: () => new Date(NOW),
  });
  return { did, again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('scheduled jobs that fall due', () => {
  it('are sent into their lane in the order of their times, and only then leave their rows', async () => {
    const rows = [scheduled('b', { runAfter: time(-1) }), scheduled('a', { runAfter: time(-2) })];
    const { did, again } = await handle(rows);
    expect([did, again]).toEqual([['sent a,b', 'a entered', 'b entered'], []]);
  });

  it('are not sent before their time, if the clock of the sender of their reference is a little ahead', async () => {
    const started = performance.now();
    await handle([scheduled('a', { runAfter: time(50) })]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(49);
  });

  it('come again, alone, if their lane does not take them now', async () => {
    const { did, again } = await handle([scheduled('a'), scheduled('b')], ([first, ...others]) => ({
      sent: others,
      broken: first ? [{ entry: first, thrown: new Error('throttled') }] : [],
    }));
    expect(did).toEqual(['sent a,b', 'message-of-a broke', 'b entered']);
    expect(again).toEqual(['a']);
  });

  it('fail, archived, if their lane will never take them', async () => {
    const { did, again } = await handle([scheduled('a')], ([entry]) => ({
      unsendable: entry ? [{ entry, reason: 'it is too long' }] : [],
    }));
    expect([did, again]).toEqual([['sent a', 'a archived', 'a FAILED UNSENDABLE key'], []]);
  });

  it('expire, archived, if their time to start is over', async () => {
    const { did, again } = await handle([scheduled('a', { startBy: time(0) })]);
    expect([did, again]).toEqual([['a archived', 'a EXPIRED EXPIRED key'], []]);
  });

  it('come again if their message is not in the archive, which has it if it is long', async () => {
    const { messageId, attributes } = sampleMessage({ id: 'a' });
    const lost = scheduled('a', { kept: { messageId, attributes, lane: 'lane', body: { key: 'scheduled/lost' } } });
    expect(await handle([lost])).toEqual({ did: ['message-of-a broke'], again: ['a'] });
  });

  it('are left alone, and their references dropped, if they have moved or started', async () => {
    expect(await handle([scheduled('a')], undefined, [])).toEqual({ did: [], again: [] });
  });
});
