import { pastEvents } from './past-events.ts';
import type { JobRow } from './row.ts';

const at = (second: number) => `2026-11-27T10:00:0${second}.000Z`;

const row = {
  pk: 'tenant#csv-import#import-1',
  tenant: 'tenant',
  type: 'csv-import',
  jobId: 'import-1',
  status: 'SUCCEEDED',
  attempt: 2,
  revision: 4,
  acceptedAt: at(0),
  settledAt: at(4),
  traceId: 'trace',
  history: [
    { status: 'RUNNING', at: at(1) },
    { status: 'QUEUED', at: at(2) },
    { status: 'RUNNING', at: at(3) },
    { status: 'SUCCEEDED', at: at(4) },
  ],
} as unknown as JobRow;

const summaries = (events: ReturnType<typeof pastEvents>) =>
  events.map(({ type, data }) => `${type} ${data.revision} ${data.attempt}`);

describe('the past events of a job', () => {
  it('are all that its row still shows, with their revisions and attempts', () => {
    // the error of the first attempt is not known any more, so its job.retrying is missing
    expect(summaries(pastEvents(row, '2026-01-01T00:00:00Z'))).toEqual([
      'job.accepted 0 0',
      'job.started 1 1',
      'job.started 3 2',
      'job.succeeded 4 2',
    ]);
  });

  it('are those after a revision or a time', () => {
    expect(summaries(pastEvents(row, 3))).toEqual(['job.succeeded 4 2']);
    expect(summaries(pastEvents(row, at(2)))).toEqual(['job.started 3 2', 'job.succeeded 4 2']);
    expect(pastEvents(row, 4)).toEqual([]);
  });

  it('say that somebody decided about a settled job, but no longer that it waits, and not what was decided', () => {
    const history = ['RUNNING', 'WAITING', 'RUNNING', 'SUCCEEDED'].map((status, index) => ({
      status,
      at: at(index + 1),
    }));
    const decided = { decision: 'approve', comment: 'Good to go.', at: at(3) };
    const events = pastEvents({ ...row, attempt: 1, history, decided } as unknown as JobRow, 0);
    expect(summaries(events)).toEqual(['job.started 1 1', 'job.decided 3 1', 'job.succeeded 4 1']);
    expect(JSON.stringify(events)).not.toContain('Good to go.');
  });

  it('say of a job that was decided about and replayed what happened', () => {
    const history = ['WAITING', 'RUNNING', 'FAILED', 'QUEUED', 'RUNNING'].map((status, index) => ({
      status,
      at: at(index + 2),
    }));
    const replayed = {
      ...row,
      status: 'RUNNING',
      settledAt: undefined,
      revision: 6,
      generation: 2,
      history: [{ status: 'RUNNING', at: at(1) }, ...history],
    } as unknown as JobRow;
    expect(summaries(pastEvents(replayed, 2))).toEqual(['job.decided 3 1', 'job.replayed 5 2', 'job.started 6 3']);
  });

  it.each([
    ['the progress of a job that runs', { progress: { done: 1, total: 2 } }, 'job.progressed'],
    ['a conflict', { conflictCount: 1, conflictedAt: at(9) }, 'job.conflicted'],
  ])('are only the newest one if the row does not tell all revisions: %s', (_, more, type) => {
    const running = {
      ...row,
      status: 'RUNNING',
      settledAt: undefined,
      revision: 9,
      attempt: 1,
      history: row.history.slice(0, 1),
      ...more,
    } as unknown as JobRow;
    expect(summaries(pastEvents(running, 5))).toEqual([`${type} 9 1`]);
    expect(pastEvents(running, 9)).toEqual([]);
  });

  it('are the outcome of a job that reported progress before', () => {
    expect(summaries(pastEvents({ ...row, revision: 8, progress: { done: 2, total: 2 } }, 4))).toEqual([
      'job.succeeded 8 2',
    ]);
  });
});
