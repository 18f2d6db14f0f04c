import type { RunOf } from '@spillway/shared/attempt/job-code.ts';
import type contract from '@spillway/shared/contracts/jobs/long-running.ts';

export const run: RunOf<typeof contract> = async ({ behave }, { signal, progress }) => {
  const startedMs = Date.now();
  const ran = () => ({ ranMs: Date.now() - startedMs });
  if (behave === 'succeed') return ran();
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  if (behave === 'ignore') await new Promise(() => undefined);
  await aborted;
  // tells a cancellation from the end of its time
  progress({ done: 0, total: 1, message: signal.reason.name });
  if (behave === 'stop') throw signal.reason;
  return ran();
};
