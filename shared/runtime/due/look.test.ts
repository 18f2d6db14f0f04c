import type { Message } from '../../attempt/message.ts';
import type { DueRow } from '../../job-store/due-reads.ts';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import { s3Archive } from '../lane/archive.ts';
import type { LaneEntry, Sent } from './lane-sender.ts';
import { lookAtStarted } from './look.ts';

const NOW = new Date('2026-11-27T01:00:00.000Z');
const HOUR_MS = 3_600_000;
const row: DueRow = {
  pk: 'tenant-1#sample#job-1',
  tenant: 'tenant-1',
  type: 'sample',
  jobId: 'job-1',
  status: 'RUNNING',
  attempt: 1,
  dueSort: 'place',
  dueKind: 'look',
  history: [{ status: 'RUNNING', at: '2026-11-26T22:00:00.000Z' }],
};

/** Has a job looked at whose message has the attributes; the lane answers as the function says. */
async function look(
  attributes: Message['attributes'],
  answer: (entry: LaneEntry) => Partial<Sent> = (entry) => ({ sent: [entry] }),
) {
  const done: unknown[] = [];
  const payloads = memoryBucket();
  const message = sampleMessage();
  const started = { ...message, attributes: { ...message.attributes, ...attributes } };
  const job = { tenant: 'tenant-1', type: 'sample', id: 'job-1', attempt: 1 };
  await s3Archive({ name: 'sample', lane: { kind: 'standard' } }, payloads, payloads).keepStarted(started, job);
  const failed = await lookAtStarted([row, { ...row, jobId: 'unkept' }], {
    store: {
      enterLane: async () => false,
      end: async () => false,
      lookAgain: async (_, at) => {
        done.push({ again: at });
        return { reference: { pk: row.pk, dueSort: 'next' }, at };
      },
    },
    lanes: {
      send: async ([entry]) => {
        if (!entry) throw new Error('nothing to send');
        done.push({ lane: entry.lane, attributes: entry.message.attributes });
        return { sent: [], unsendable: [], broken: [], ...answer(entry) };
      },
    },
    inputs: payloads,
    payloads,
    due: { send: async (_, at) => void done.push({ refer: at }) },
    stage: 'test',
    firstLookSeconds: 900,
    archiveFor: () => ({ keepFailed: async () => 'key' }),
    observerFor: () => ({ settled: () => {}, broke: ({ messageId }) => void done.push({ broke: messageId }) }),
    now: () => NOW,
  });
  return { done, failed: failed.map(({ jobId }) => jobId) };
}

describe('a look at a started job that falls due', () => {
  it('sends its message into its lane, without the times of its start, and only then says when the next look is due', async () => {
    const { attributes } = sampleMessage();
    const { done, failed } = await look({ runAfter: 'v1;3600', expiresAfter: 'v1;7200' });
    const next = new Date(NOW.getTime() + 3 * HOUR_MS);
    expect(done).toEqual([
      { broke: 'unkept' },
      { lane: 'spillway-test-sample', attributes },
      { again: next },
      { refer: next },
    ]);
    // what has no message any more cannot be looked at, and stays overdue
    expect(failed).toEqual(['unkept']);
  });

  it.each<[string, (entry: LaneEntry) => Partial<Sent>]>([
    ['cannot be reached', (entry) => ({ broken: [{ entry, thrown: new Error('throttled') }] })],
    ['refuses it', (entry) => ({ unsendable: [{ entry, reason: 'refused' }] })],
  ])('stays due when its lane %s', async (_, answer) => {
    const { done, failed } = await look({}, answer);
    expect(failed).toEqual(['unkept', 'job-1']);
    expect(done).not.toContainEqual(expect.objectContaining({ again: expect.anything() }));
  });
});
