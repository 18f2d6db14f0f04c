import type { BlockedKey } from '@spillway/shared/contracts/blocked-key.ts';
import { JOB_STATUSES, type JobView } from '@spillway/shared/contracts/job.ts';
import { withBlockedKeys } from './with-blocked-keys.ts';

const AT = '2026-11-27T09:00:00.000Z';
const KEY = { key: 'account-1', jobId: 'head', failedAt: AT, heldUntil: AT };
const job = (status: JobView['status'], type = 'stopping'): JobView => ({
  jobId: 'j',
  type,
  status,
  confirmed: false,
  attempts: 0,
  acceptedAt: AT,
  history: [],
  links: { self: '/' },
});

/** Shows a job, and what the index of blocked keys was asked for it. */
async function show(shown: JobView, rows: BlockedKey[]) {
  const asked: unknown[] = [];
  const list = async (...query: unknown[]) => {
    asked.push(query);
    return { rows };
  };
  return { job: await withBlockedKeys(shown, 't', { blocked: { list }, stoppingTypes: ['stopping'] }), asked };
}

describe('a job in a lane that stops on failures', () => {
  const blocked: BlockedKey = { ...KEY, tenant: 't', type: 'stopping', code: 'DOWN', message: 'down' };

  it('shows the blocked keys of its own tenant while it is QUEUED', async () => {
    expect(await show(job('QUEUED'), [blocked])).toEqual({
      job: { ...job('QUEUED'), blockedKeys: [KEY] },
      asked: [[['stopping'], 't', { limit: 20 }]],
    });
  });

  it('shows nothing about blocked keys if there are none', async () => {
    expect((await show(job('QUEUED'), [])).job).toEqual(job('QUEUED'));
  });

  it.each(JOB_STATUSES.filter((status) => status !== 'QUEUED'))(
    'costs no look at blocked keys as %s',
    async (status) => {
      expect(await show(job(status), [blocked])).toEqual({ job: job(status), asked: [] });
    },
  );

  it('does not read the blocked keys in a lane that continues after failures', async () => {
    expect(await show(job('QUEUED', 'going-on'), [blocked])).toEqual({ job: job('QUEUED', 'going-on'), asked: [] });
  });
});
