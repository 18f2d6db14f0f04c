import type { CancelAnswer } from '../../job-store/cancels.ts';
import type { JobRow } from '../../job-store/row.ts';
import { cancelling } from './cancel.ts';

const NOW = new Date('2026-11-27T12:00:00.000Z');
const job = { tenant: 't', type: 'document-approval', id: 'j' };
const row = {
  status: 'RUNNING',
  attempt: 3,
  acceptedAt: '2026-11-27T11:00:00.000Z',
  cancelRequestedAt: NOW.toISOString(),
} as JobRow;
const started = { ...job, attempt: 3, acceptedAt: new Date(row.acceptedAt) };
const question = { name: 'approval', token: 'token-1' };
const soon = { reference: { pk: 'p', dueSort: 's' }, at: NOW };

/** Cancels a job that is asked to stop, whose row is then as given. */
async function cancel(after: Partial<JobRow>, { unreachable = false, isSoon = true } = {}) {
  const done: unknown[] = [];
  const warnings: string[] = [];
  const answer: CancelAnswer = { kind: 'requested', row: { ...row, ...after }, soon: isSoon ? soon : undefined };
  const answered = await cancelling({
    cancels: {
      cancel: async (_, { lookAt }) => {
        done.push({ lookAt });
        return answer;
      },
    },
    stop: async (...stopped) => {
      if (unreachable) throw new Error('throttled');
      done.push({ stopped });
    },
    due: { send: async (reference) => void done.push({ reference }) },
    firstLookSeconds: 900,
    logger: { warn: (message) => void warnings.push(message) },
  })(job, NOW);
  expect(answered).toBe(answer);
  return { done: done.slice(1), lookAt: done[0], warnings };
}

describe('cancelling a job whose workflow was started', () => {
  it('has the job looked at, and then stops the execution of its attempt', async () => {
    const { done, lookAt } = await cancel({});
    expect(lookAt).toEqual({ lookAt: new Date(NOW.getTime() + 300_000) });
    expect(done).toEqual([{ reference: soon.reference }, { stopped: [started, undefined] }]);
  });

  it('informs the state that waits, if the job waits for a decision', async () => {
    const { done } = await cancel({ status: 'WAITING', question }, { isSoon: false });
    expect(done).toEqual([{ stopped: [started, 'token-1'] }]);
  });

  it('stops the execution of a job that has its decision and runs', async () => {
    const { done } = await cancel({ question }, { isSoon: false });
    expect(done).toEqual([{ stopped: [started, undefined] }]);
  });

  it('answers the same when Step Functions cannot be reached, because the look stops it', async () => {
    const { done, warnings } = await cancel({}, { unreachable: true });
    expect(done).toEqual([{ reference: soon.reference }]);
    expect(warnings).toHaveLength(1);
  });

  it('leaves a job to its consumer that has it: a function, or one that has not handed it over yet', async () => {
    expect((await cancel({ leaseUntil: NOW.getTime() + 1000 }, { isSoon: false })).done).toEqual([]);
  });
});
