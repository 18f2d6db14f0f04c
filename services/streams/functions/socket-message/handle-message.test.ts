import { memoryTable } from '@spillway/shared/testing/memory-table.ts';
import { catchUpLocks, LOCK_MS } from '../../socket/catch-up-locks.ts';
import { connectionKey } from '../../socket/table.ts';
import type { Sent } from '../../socket/wire.ts';
import { handleMessage, type MessageTools } from './handle-message.ts';

const connection = { id: 'c', tenant: 't', apiId: 'api', until: Date.parse('2026-11-27T11:00:00Z') / 1000 };

const NOW_MS = Date.parse('2026-11-27T10:00:00Z');

/** Handles a message of a client that takes what it is sent, or does not. */
async function handling(
  body: object | string,
  wired: (tries: number) => Sent,
  past: object[] = [],
  {
    sendMs = 0,
    row = {},
    texts = [],
    until = connection.until,
  }: { sendMs?: number; row?: object; texts?: string[]; until?: number } = {},
) {
  const done: string[] = [];
  let tries = 0;
  const table = memoryTable();
  const { pk } = connectionKey('c');
  table.rows.set(pk, { pk, ...row });
  let clock = NOW_MS;
  const tools = {
    store: {
      find: async () => ({ ...connection, until }),
      subscribe: async () => true,
      close: async () => void done.push('forgotten'),
    },
    locks: catchUpLocks(table.client, 'connections'),
    wire: {
      async send(_: object, text: string) {
        tries += 1;
        clock += sendMs;
        const sent = wired(tries);
        texts.push(text);
        if (sent === 'sent') done.push(JSON.parse(text).id ?? JSON.parse(text).status);
        return sent;
      },
      close: async () => void done.push('closed'),
    },
    past: {
      ofJob: async () => past,
      ofType: async (_job: object, _since: Date, _most: number, sendAll: (events: object[]) => Promise<void>) => {
        await sendAll(past);
        return true;
      },
    },
    types: new Set(['csv-import']),
    observer: { refused: () => {}, gone: () => {} },
    now: () => new Date(clock),
  } as unknown as MessageTools;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  await handleMessage({ id: 'c', apiId: 'api', body: text, requestId: 'r' }, tools);
  expect(table.rows.get(pk)).toEqual({ pk, ...row });
  return done;
}

const caughtUp = { action: 'subscribe', job: { type: 'csv-import', jobId: '1' }, since: 1 };
const manyJobs = { action: 'subscribe', type: 'csv-import', since: '2026-11-27T09:00:00Z' };
const events = [{ id: 'job.2' }, { id: 'job.3' }];

describe('a client that subscribes', () => {
  it('gets what it has missed, also if it is busy for a moment', async () => {
    expect(await handling(caughtUp, (n) => (n === 2 ? 'busy' : 'sent'), events)).toEqual(['job.2', 'job.3']);
  });

  it('is disconnected if it takes nothing, so that it knows that it has missed something', async () => {
    expect(await handling(caughtUp, (n) => (n === 1 ? 'sent' : 'busy'), events)).toEqual([
      'job.2',
      'forgotten',
      'closed',
    ]);
  });

  it('learns that it has missed more than can be sent before the function ends', async () => {
    const many = Array.from({ length: 5000 }, (_, n) => ({ id: `job.${n}` }));
    const sent = await handling(manyJobs, () => 'sent', many, { sendMs: 10 });
    expect([sent.length, sent.at(-1)]).toEqual([2001, 413]);
  });

  it.each([
    ['a job', caughtUp],
    ['many jobs', manyJobs],
  ])('gets nothing more of a catch-up with %s once its token has expired, but the reason', async (_, message) => {
    const until = NOW_MS / 1000 + 1;
    const many = Array.from({ length: 10 }, (_, n) => ({ id: `job.${n}` }));
    const sent = await handling(message, () => 'sent', many, { sendMs: 400, until });
    expect(sent).toEqual(['job.0', 'job.1', 'job.2', 401]);
  });

  it('catches up with many jobs once at a time, and may ask again when the other catch-up has certainly ended', async () => {
    const from = (ms: number) => ({ row: { catchingUpUntil: NOW_MS + ms } });
    expect(await handling(manyJobs, () => 'sent', events, from(LOCK_MS))).toEqual([503]);
    expect(await handling(caughtUp, () => 'sent', events, from(LOCK_MS))).toEqual(['job.2', 'job.3']);
  });

  it('is forgotten if it has gone', async () => {
    expect(await handling(caughtUp, () => 'gone', events)).toEqual(['forgotten', 'closed']);
  });
});

it('a message that is not JSON is answered with a problem, also if the client is busy for a moment', async () => {
  expect(await handling('{', (n) => (n < 3 ? 'busy' : 'sent'))).toEqual([400]);
});

it('a problem repeats the message that it is about, so that the client can tell its subscriptions apart', async () => {
  const texts: string[] = [];
  const unknown = { action: 'subscribe', type: 'no-such-type' };
  const many = { action: 'subscribe', type: 'csv-import', since: 3 };
  for (const message of [unknown, many]) expect(await handling(message, () => 'sent', [], { texts })).toHaveLength(1);
  expect(texts.map((text) => JSON.parse(text).about)).toEqual([unknown, many]);
});
