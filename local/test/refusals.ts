import { engine } from './deployed.ts';

/**
 * Does something while the bus, Firehose, Kinesis and queues refuse entries that contain a text (local/engine/patches/refusals.py). Facts
 * of other jobs may be in the same record.
 */
export async function whileRefused<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
  const ask = (method: 'POST' | 'DELETE') => fetch(`${engine.endpoint}/_spillway/refusals/${text}`, { method });
  await ask('POST');
  try {
    return await work();
  } finally {
    await ask('DELETE');
  }
}
