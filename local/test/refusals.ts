import { askEngine } from './ask-engine.ts';

/**
 * Does something while the bus, Firehose, Kinesis and queues refuse entries that contain a text (local/engine/patches/refusals.py), and while
 * the socket refuses messages to a connection whose id contains it. Facts of other jobs may be in the same record.
 *
 * @param times how often such an entry is refused; without it, always
 */
export async function whileRefused<Result>(text: string, work: () => Promise<Result>, times?: number): Promise<Result> {
  await askEngine('POST', `refusals/${encodeURIComponent(text)}`, times === undefined ? {} : { times });
  try {
    return await work();
  } finally {
    await askEngine('DELETE', `refusals/${encodeURIComponent(text)}`);
  }
}
