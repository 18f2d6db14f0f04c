import type { Progress } from '../contracts/job.ts';
import { throttledProgress } from './progress.ts';

const at = (done: number, message?: string): Progress => ({ done, total: 10, ...(message && { message }) });

/** What is written of what is reported; each write is under way until it is let go. */
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
  it('is written at most once a second, however often it is reported', () => {
    const { report, writes } = written();
    for (const done of [1, 2, 3]) report(at(done));
    expect(writes).toEqual([at(1)]);
  });

  it('has a message that is cut: it goes into the row and into each event', () => {
    const { report, writes } = written();
    report(at(1, 'x'.repeat(100_000)));
    expect(writes[0]?.message).toHaveLength(500);
  });

  it.each<[string, unknown]>([
    ['without a total', { done: 1 }],
    ['with a number as text', { done: '1', total: 10 }],
    ['with a number that is none', { done: Number.NaN, total: 10 }],
    ['with a message that is no text', { done: 1, total: 10, message: 7 }],
    ['that is nothing', undefined],
  ])('%s is not written, since no event could tell of it, and fails nothing', (_, odd) => {
    const { report, writes } = written();
    report(odd as Progress);
    report(at(2));
    expect(writes).toEqual([at(2)]);
  });

  it('is over before the job settles, and nothing is written after that', async () => {
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

  it('that cannot be written is no reason to fail a job', async () => {
    const { report, stop, gate } = written();
    report(at(1));
    gate.reject(new Error('no route to the table'));
    await expect(stop()).resolves.toBeUndefined();
  });
});
