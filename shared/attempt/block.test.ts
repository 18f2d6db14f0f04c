import { HOLD_SECONDS, heldUntil } from '../contracts/lane.ts';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';
import { PermanentJobError } from './errors.ts';

const stopping = sampleType({ lane: { kind: 'ordered', orderKey: 'key', onFailure: 'stop' }, maxAttempts: 1 });
const ids = (messages: string[]) => messages.map((id) => `message-of-${id}`);
const [first, second, other] = [
  sampleMessage({ id: 'a-1', key: 'a', n: 1 }),
  sampleMessage({ id: 'a-2', key: 'a', n: 2 }),
  sampleMessage({ id: 'b-1', key: 'b', n: 3 }),
];

/** A lane that stops on failures, in which jobs fail as long as they are said to. */
function bench(failing: number[] = [1]) {
  const ran: number[] = [];
  const made = workbench(async ({ n }) => {
    ran.push(n);
    if (failing.includes(n)) throw new PermanentJobError('NO', 'not this one');
    return { n };
  }, stopping);
  return { ...made, ran, failing };
}

describe('a lane that stops on failures', () => {
  it('keeps the message of a failed job invisible at the head of its key; later jobs wait, and other keys go on', async () => {
    const { handle, ran, notes, model } = bench();
    expect(await handle([first, second, other])).toEqual(ids(['a-1', 'a-2']));
    expect(ran).toEqual([1, 3]);
    expect(model.jobOf(identityOf('a-1'))).toMatchObject({ status: 'FAILED', blocks: true });
    expect(model.jobOf(identityOf('a-2'))).toBeUndefined();
    expect(notes.filter(({ did }) => did === 'show again')).toEqual([
      { did: 'show again', messageId: 'message-of-a-1', afterSeconds: HOLD_SECONDS },
      { did: 'show again', messageId: 'message-of-a-2', afterSeconds: 0 },
    ]);
    expect(notes).toContainEqual({ did: 'block', jobId: 'a-1', ageSeconds: 1 });
  });

  it('holds the key again each time its message comes, and reports it, without running anything', async () => {
    const { handle, ran, notes, clock } = bench();
    await handle([first]);
    for (let hours = 1; hours <= 5; hours += 1) {
      clock.ms += HOLD_SECONDS * 1000;
      expect(await handle([first, second])).toEqual(ids(['a-1', 'a-2']));
    }
    expect(ran).toEqual([1]);
    expect(notes.filter(({ did }) => did === 'block')).toHaveLength(6);
    expect(notes.filter(({ did }) => did === 'settle')).toHaveLength(1);
  });

  it.each([
    ['every attempt failed', { failing: [1] }, first],
    ['its input is refused', { failing: [] }, { ...first, body: '{"key":"a"}' }],
  ])('stops the key of a job of which %s', async (_, { failing }, message) => {
    const { handle, model } = bench(failing);
    expect(await handle([message, second])).toEqual(ids(['a-1', 'a-2']));
    expect(model.jobOf(identityOf('a-1'))).toMatchObject({ status: 'FAILED', blocks: true });
  });

  it('stops the key of a job whose last attempt vanished', async () => {
    const { handle, model, clock, tools } = bench();
    const settle = tools.store.settle;
    tools.store.settle = async () => {
      throw new Error('no route to the table');
    };
    await handle([first]);
    tools.store.settle = settle;
    clock.ms += 60_000;
    expect(await handle([first, second])).toEqual(ids(['a-1', 'a-2']));
    expect(model.jobOf(identityOf('a-1'))).toMatchObject({ status: 'FAILED', blocks: true });
  });

  it('goes on after a job that was cancelled or has expired', async () => {
    const { handle, model, clock } = bench();
    await model.cancel(identityOf('a-1'), new Date(clock.ms), true);
    const late = {
      ...sampleMessage({ id: 'a-0', key: 'a' }),
      attributes: { ...first.attributes, jobId: 'a-0', expiresAfter: 'v1;2020-01-01T00:00:00Z' },
    };
    expect(await handle([late, first, second])).toEqual([]);
    expect([model.jobOf(identityOf('a-0'))?.status, model.jobOf(identityOf('a-2'))?.status]).toEqual([
      'EXPIRED',
      'SUCCEEDED',
    ]);
  });

  it('goes on after a job that somebody asked to cancel while it failed for good', async () => {
    const { handle, model, tools } = bench();
    tools.run = async ({ n }) => {
      if (n === 1) await model.cancel(identityOf('a-1'), new Date(), false);
      if (n === 1) throw new PermanentJobError('NO', 'not this one');
      return { n };
    };
    expect(await handle([first, second])).toEqual([]);
    expect(model.jobOf(identityOf('a-1'))?.status).toBe('CANCELLED');
  });

  it('goes on when the key was skipped, and the failure stands', async () => {
    const { handle, model, tools, ran } = bench();
    await handle([first, second]);
    expect(await tools.store.unblock(identityOf('a-1'))).toBe(true);
    expect(await handle([first, second])).toEqual([]);
    expect(ran).toEqual([1, 2]);
    expect(model.jobOf(identityOf('a-1'))?.status).toBe('FAILED');
  });

  it('notices a release that came before its message was held, and lets it come again at once', async () => {
    const { handle, tools, notes } = bench();
    tools.store.hold = async () => 'open';
    expect(await handle([first, second])).toEqual(ids(['a-1', 'a-2']));
    expect(
      notes.filter(({ did }) => did === 'show again').map((note) => 'afterSeconds' in note && note.afterSeconds),
    ).toEqual([HOLD_SECONDS, 0, 0]);
  });

  it.each([
    ['after 13 days', {}, heldUntil(first.sentAt).getTime(), '13 days'],
    ['at the last receive', { receiveCount: 1000 }, first.sentAt.getTime() + 60_000, 'as often as a lane allows'],
  ])('lets the later jobs run %s, before SQS would lose them, and calls a person', async (_, change, ms, reason) => {
    const { handle, notes, clock, ran, model } = bench();
    await handle([first, second]);
    clock.ms = ms;
    expect(await handle([{ ...first, ...change }, second])).toEqual([]);
    expect(ran).toEqual([1, 2]);
    expect(notes).toContainEqual({ did: 'run on', jobId: 'a-1', reason: expect.stringContaining(reason) });
    expect(model.jobOf(identityOf('a-1'))).toMatchObject({ status: 'FAILED', blocks: false });
  });

  it('calls a person also when a job fails that is too old to stop its key', async () => {
    const { handle, notes, clock, ran } = bench();
    clock.ms = heldUntil(first.sentAt).getTime();
    expect(await handle([first, second])).toEqual([]);
    expect(ran).toEqual([1, 2]);
    expect(notes.filter(({ did }) => did === 'run on')).toHaveLength(1);
  });

  it('lets a key go on that was stopped before its contract said continue', async () => {
    const { handle, tools, notes, ran } = bench();
    await handle([first, second]);
    Object.assign(tools, { jobType: sampleType({ lane: { kind: 'ordered', orderKey: 'key' }, maxAttempts: 1 }) });
    expect(await handle([first, second])).toEqual([]);
    expect(ran).toEqual([1, 2]);
    expect(notes).toContainEqual({
      did: 'run on',
      jobId: 'a-1',
      reason: expect.stringContaining('does not stop keys'),
    });
  });
});
