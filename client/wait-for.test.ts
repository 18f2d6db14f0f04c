import type { Client, Job } from './index.ts';
import { doorForTests } from './testing/door-server.ts';
import { waitFor } from './wait-for.ts';

const door = doorForTests();
let jobs: Client['jobs'];
beforeAll(() => {
  jobs = door.client().jobs;
});

describe('a wait of the client', () => {
  it('waits until a job has its outcome', async () => {
    const states = [
      { status: 'QUEUED' },
      { status: 'WAITING' },
      { status: 'FAILED', settledAt: '2026-11-27T00:00:00Z' },
    ];
    door.answers((_, n) => ({ body: { jobId: 'j', ...states[Math.min(n, 3) - 1] } }));
    expect(await jobs.csvImport.waitFor('j')).toMatchObject({ status: 'FAILED' });
    expect(door.received).toHaveLength(3);
    door.answers((_, n) => ({ body: { jobId: 'j', ...states[Math.min(n, 3) - 1] } }));
    const waiting = await jobs.csvImport.waitFor('j', { until: ({ status }) => status === 'WAITING' });
    expect(waiting).toMatchObject({ status: 'WAITING' });
  });

  it('stops waiting for a job in time, and says how it was last seen', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      return { jobId: 'j', status: 'RUNNING' } as Job<unknown>;
    };
    await expect(waitFor(look, { withinSeconds: 1 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: 'After 1 s, job j is RUNNING. Wait longer, or look again later.',
    });
    // it may look less often, but not more often
    expect(looks).toBeLessThan(6);
  });

  it('does not ask for a scheduled job before its time', async () => {
    const runAfter = new Date(Date.now() + 60_000).toISOString();
    door.answers(() => ({ body: { jobId: 'j', status: 'SCHEDULED', runAfter } }));
    await expect(jobs.csvImport.waitFor('j', { withinSeconds: 1 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(door.received).toHaveLength(1);
  });

  it('looks at a scheduled job each minute, because it may have been moved', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const states = [
        { status: 'SCHEDULED', runAfter: new Date(Date.now() + 3_600_000).toISOString() },
        { status: 'SUCCEEDED', settledAt: new Date().toISOString() },
      ];
      const looks: number[] = [];
      const look = async () => {
        looks.push(Date.now());
        return { jobId: 'j', ...(states[looks.length - 1] ?? {}) } as Job<unknown>;
      };
      const waited = waitFor(look, { withinSeconds: 7200 });
      await jest.advanceTimersByTimeAsync(61_000);
      expect(await waited).toMatchObject({ status: 'SUCCEEDED' });
      expect(looks).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('fails for a job that there is not', async () => {
    door.answers(() => ({ status: 404, body: { detail: 'There is no such job.' } }));
    await expect(jobs.csvImport.waitFor('j')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });
});
