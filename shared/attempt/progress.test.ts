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
