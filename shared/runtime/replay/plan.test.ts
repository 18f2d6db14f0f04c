import { laneName } from '../../contracts/lane.ts';
import type { JobRow, ParkedRow } from '../../job-store/row.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import { planReplay } from './plan.ts';

const SINCE = new Date('2026-11-27T12:00:00Z');
const job = { tenant: 'tenant-1', type: 'sample', id: 'job-1' };
const failed = { status: 'FAILED', attempt: 2, archiveKey: 'failed/1.json' } as JobRow;
const parked = { archiveKey: 'parked/1.json' } as ParkedRow;
const past = (replayedAt: string) => ({ failures: [{ replayedAt }] }) as unknown as Partial<JobRow>;

/** Plans a replay and carries it out. @returns the plan, and what was done, in order */
async function replayed(found: { row?: JobRow; parked?: ParkedRow }, target = {}, attributes = {}, newJobsBy?: string) {
  const did: unknown[] = [];
  const message = sampleMessage();
  const record = { lane: 'ordered', message: { ...message, attributes: { ...message.attributes, ...attributes } } };
  const plan = await planReplay(
    { ...job, ...target },
    { since: SINCE, newJobsBy },
    {
      reads: { rowsOf: async () => ({ row: found.row, parked: found.parked }) },
      store: {
        reopen: async () => did.push('reopen') > 0,
        markReplayedAs: async (_, __, id) => did.push(`as ${id}`) > 0,
        markParked: async (_, __, id) => void did.push(id === undefined ? 'mark' : `mark as ${id}`),
        unblock: async () => false,
      },
      show: async (type, receipt) => did.push(`show ${type} ${receipt}`) > 0,
      archive: { get: async () => JSON.stringify(record) },
      send: async (lane, { attributes: sent }, jobId) => void did.push([laneName(lane, 'dev'), jobId, sent]),
      now: () => SINCE,
    },
  );
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

describe('the replay of a failure as a new job', () => {
  const ID = expect.stringMatching(/^[0-9a-f]{32}$/);
  const asNew = (found: { row?: JobRow; parked?: ParkedRow }, target = {}, attributes = {}, by = 'replay-1') =>
    replayed(found, target, attributes, by);
  const idOf = async (target = {}, by?: string) => {
    const { plan } = await asNew({ row: failed }, target, {}, by);
    return plan.kind === 'send' ? plan.replayedAs : undefined;
  };

  it('sends its message as a new job that is accepted now, and then notes the new id on the old job', async () => {
    const old = { runAfter: 'v1;60', expiresAfter: 'v1;90', replay: '2;1', firing: 'nightly 2026-11-27T03:00:00Z' };
    const { plan, did } = await asNew({ row: failed }, {}, old);
    expect(plan).toMatchObject({ kind: 'send', ordered: true, replayedAs: ID });
    const [[lane, id, attributes], write] = did as [[string, string, Record<string, string>], string];
    expect([lane, id, write]).toEqual(['spillway-dev-sample.fifo', ID, `as ${id}`]);
    expect(attributes).toEqual({
      ...sampleMessage().attributes,
      jobId: id,
      acceptedAt: String(SINCE.getTime()),
      replayOf: 'job-1',
    });
  });

  it('makes the same job in each attempt at a replay, and another one for each replay and each old job', async () => {
    expect(await idOf()).toBe(await idOf());
    const others = [{}, { tenant: 'tenant-2' }, { type: 'other' }, { id: 'job-2' }].map((target) => idOf(target));
    expect(new Set(await Promise.all([...others, idOf({}, 'replay-2')])).size).toBe(5);
  });

  it('has nothing to do when an earlier attempt at the replay made the job, and names it', async () => {
    const row = { ...failed, replayedAs: (await idOf()) ?? '' };
    expect(await asNew({ row })).toEqual({ plan: { kind: 'done', replayedAs: row.replayedAs }, did: [] });
  });

  it('sends a parked message as a new job, and notes the new id on it', async () => {
    const { did } = await asNew({ parked });
    expect(did).toEqual([
      [expect.any(String), ID, expect.objectContaining({ replayOf: 'job-1' })],
      expect.stringMatching(/^mark as [0-9a-f]{32}$/),
    ]);
  });

  it('refuses to replay as itself what was replayed as a new job, and names that job', async () => {
    const replayedAs = { replayedAs: 'new-1', replayedAt: '2026-11-27T12:00:01.000Z' };
    for (const found of [{ row: { ...failed, ...replayedAs } }, { parked: { ...parked, ...replayedAs } }]) {
      expect((await replayed(found)).plan).toMatchObject({
        reason: { code: 'ALREADY_REPLAYED', message: expect.stringContaining('new-1') },
      });
    }
  });

  it.each([
    ['runs', { row: { status: 'RUNNING' } as JobRow }, 'NOT_SETTLED'],
    ['succeeded', { row: { status: 'SUCCEEDED' } as JobRow }, 'ALREADY_SUCCEEDED'],
    ['blocks its order key', { row: { ...failed, blockedKey: 'k' } as JobRow }, 'BLOCKS_KEY'],
    ['is unknown', {}, 'UNKNOWN_FAILURE'],
    ['was parked and replayed', { parked: { ...parked, replayedAt: '2026-11-26T00:00:00Z' } }, 'ALREADY_REPLAYED'],
  ])('refuses to replay as a new job a job that %s', async (_, found, code) => {
    expect(await asNew(found)).toMatchObject({ plan: { kind: 'refused', reason: { code } }, did: [] });
  });
});
