import type { Progress } from '../contracts/job.ts';
import { throttledProgress } from './progress.ts';

const at = (done: number, message?: string): Progress => ({ done, total: 10, ...(message && { message }) });

/** Collects what is written. Each write stays in progress until the gate is resolved. */
function written() {
  const writes: Progress[] = [];
  const gate = Promise.withResolvers<void>();
  const progress = throttledProgress((latest) => {
    writes.push(latest);
    return gate.promise;
  });
  return { ...progress, writes, gate };
}

describe('progress', () => {
  it('writes progress at most once a second, however often it is reported', () => {
    const { report, writes } = written();
    for (const done of [1, 2, 3]) report(at(done));
    expect(writes).toEqual([at(1)]);
  });

  it('never writes progress while an earlier write takes longer than a second, because the two could change places', () => {
    jest.useFakeTimers();
    try {
      const { report, writes } = written();
      report(at(1));
      jest.advanceTimersByTime(60_000);
      report(at(2));
      expect(writes).toEqual([at(1)]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('cuts a long progress message, because it goes into the row and into every event', () => {
    const { report, writes } = written();
    report(at(1, 'x'.repeat(100_000)));
    expect(writes[0]?.message).toHaveLength(500);
  });

  it.each<[string, unknown]>([
    ['without a total', { done: 1 }],
    ['with a number as text', { done: '1', total: 10 }],
    ['with NaN as a number', { done: Number.NaN, total: 10 }],
    ['with a message that is not a text', { done: 1, total: 10, message: 7 }],
    ['that is undefined', undefined],
  ])('ignores progress %s, because it would not fit an event', (_, odd) => {
    const { report, writes } = written();
    report(odd as Progress);
    report(at(2));
    expect(writes).toEqual([at(2)]);
  });

  it('waits for the last write of progress before the job settles, and writes nothing afterwards', async () => {
    const { report, stop, writes, gate } = written();
    report(at(1));
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    report(at(2));
    expect(writes).toHaveLength(1);
  });

  it('does not fail a job when its progress cannot be written', async () => {
    const { report, stop, gate } = written();
    report(at(1));
    gate.reject(new Error('no route to the table'));
    await expect(stop()).resolves.toBeUndefined();
  });
});
