import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Engine } from '@spillway/engine/engine.ts';
import type { Item, Write } from './write-units.ts';

/** What happened on the engine during a recording. */
export interface Recording {
  writes: Write[];
  /** Each invocation of a function, with its log lines. */
  invocations: { function: string; lines: string[] }[];
}

/** The engine's recorder of writes and logs (local/engine/patches/recorder.py). */
export function engineRecorder({ endpoint }: Engine) {
  const url = `${endpoint}/_spillway/recording`;
  return {
    start: () => fetch(url, { method: 'POST' }),
    /** Ends the recording. */
    stop: async (): Promise<Recording> => {
      const response = await fetch(`${url}/stop`, { method: 'POST' });
      const { writes, invocations } = JSON.parse(await response.text(), bytesFromBase64);
      return { writes: writes.map(readWrite), invocations };
    },
  };
}

/** A binary value, as the engine's JSON has it. An attribute with the name `B` is an object, not a text. */
const bytesFromBase64 = (key: string, value: unknown) =>
  key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;

type Marshalled = Parameters<typeof unmarshall>[0];
const readItem = (item: Marshalled | null): Item | undefined => (item ? unmarshall(item) : undefined);

const readWrite = (write: {
  table: string;
  before: Marshalled | null;
  after: Marshalled | null;
  transaction: boolean;
}) => ({
  ...write,
  before: readItem(write.before),
  after: readItem(write.after),
});
