import type { JobRow, ParkedRow } from '../../job-store/row.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import { planReplay } from './plan.ts';

const SINCE = new Date('2026-11-27T12:00:00Z');
const job = { tenant: 'tenant-1', type: 'sample', id: 'job-1' };
const failed = { status: 'FAILED', attempt: 2, archiveKey: 'failed/1.json' } as JobRow;
const parked = { archiveKey: 'parked/1.json' } as ParkedRow;
const past = (replayedAt: string) => ({ failures: [{ replayedAt }] }) as unknown as Partial<JobRow>;

/** Plans a replay and carries it out. @returns the plan, and what was done, in order */
async function replayed(found: { row?: JobRow; parked?: ParkedRow }, target = {}, attributes = {}) {
  const did: unknown[] = [];
  const message = sampleMessage();
  const record = { lane: 'ordered', message: { ...message, attributes: { ...message.attributes, ...attributes } } };
  const plan = await planReplay({ ...job, ...target }, SINCE, {
    reads: { rowsOf: async () => ({ row: found.row, parked: found.parked }) },
    store: {
      reopen: async () => did.push('reopen') > 0,
      markParked: async () => void did.push('mark'),
      unblock: async () => false,
    },
    show: async (type, receipt) => did.push(`show ${type} ${receipt}`) > 0,
    archive: { get: async () => JSON.stringify(record) },
    send: async (lane, { attributes: sent }, jobId) => void did.push([lane('dev'), jobId, sent]),
    now: () => SINCE,
  });
  if (plan.kind === 'send') await plan.send().then(plan.write);
  return { plan, did };
}

describe('the replay of a failure', () => {
  it('sends the message of a failed job with its next generation, without its times, and then writes its row', async () => {
    const { plan, did } = await replayed({ row: failed }, {}, { runAfter: 'v1;60', expiresAfter: 'v1;90' });
    expect(plan).toMatchObject({ kind: 'send', ordered: true });
    const [[lane, id, attributes], write] = did as [[string, string, Record<string, string>], string];
    expect([lane, id, write]).toEqual(['spillway-dev-sample.fifo', 'job-1', 'reopen']);
    expect(attributes).toEqual({ ...sampleMessage().attributes, replay: `2;${SINCE.getTime()}` });
  });

  it('releases a job that blocks its order key instead: its own message becomes visible, and nothing is sent behind others', async () => {
    const blocks = { ...job, jobId: job.id, blockedKey: 'k', blockedUntil: SINCE.toISOString(), blockedReceipt: 'r' };
    const { plan, did } = await replayed({ row: { ...failed, ...blocks } as unknown as JobRow });
    expect([plan, did]).toEqual([{ kind: 'done' }, ['reopen', 'show sample r']]);
  });

  it('sends the message of a job that blocks its order key if SQS has deleted it after 14 days', async () => {
    const blocks = { blockedKey: 'k', blockedUntil: new Date(SINCE.getTime() - 86_400_000).toISOString() };
    expect((await replayed({ row: { ...failed, ...blocks } as JobRow })).plan).toMatchObject({ kind: 'send' });
  });

  it('sends a parked message for the generation that its job is in', async () => {
    const { did } = await replayed({ parked });
    expect(did).toEqual([
      [expect.any(String), 'job-1', expect.objectContaining({ replay: `1;${SINCE.getTime()}` })],
      'mark',
    ]);
  });

  it('has nothing to do when an earlier attempt at the replay did it, even if the job has failed again', async () => {
    for (const row of [
      { ...failed, ...past('2026-11-27T12:00:01.000Z') },
      { ...failed, status: 'RUNNING', ...past('2026-11-27T12:00:00.000Z') },
    ] as JobRow[]) {
      expect(await replayed({ row })).toEqual({ plan: { kind: 'done' }, did: [] });
    }
    const again = { ...parked, replayedAt: '2026-11-27T12:00:01.000Z' };
    expect((await replayed({ parked: again })).plan).toEqual({ kind: 'done' });
  });

  it('replays a job again that was replayed before this replay was asked for', async () => {
    expect((await replayed({ row: { ...failed, ...past('2026-11-27T11:59:59.999Z') } as JobRow })).did).toHaveLength(2);
  });

  it.each([
    ['runs', { row: { status: 'RUNNING' } as JobRow }, 'NOT_SETTLED'],
    ['is queued', { row: { status: 'QUEUED' } as JobRow }, 'NOT_SETTLED'],
    ['succeeded', { row: { status: 'SUCCEEDED' } as JobRow }, 'ALREADY_SUCCEEDED'],
    ['was cancelled', { row: { status: 'CANCELLED' } as JobRow }, 'ALREADY_CANCELLED'],
    ['is unknown', {}, 'UNKNOWN_FAILURE'],
    [
      'was parked and replayed before',
      { parked: { ...parked, replayedAt: '2026-11-26T00:00:00Z' } },
      'ALREADY_REPLAYED',
    ],
  ])('refuses to replay a job that %s', async (_, found, code) => {
    expect(await replayed(found)).toMatchObject({ plan: { kind: 'refused', reason: { code } }, did: [] });
  });

  it('refuses to replay a message that belongs to no job', async () => {
    expect((await replayed({ parked }, { tenant: '-' })).plan).toMatchObject({ reason: { code: 'NO_JOB' } });
    expect((await replayed({ parked }, {}, { acceptedAt: 'x' })).plan).toMatchObject({ reason: { code: 'NO_JOB' } });
  });
});
