import type { Connection } from '../../socket/connections.ts';
import { endConnections } from './end-connections.ts';

/** Ends connections, of which some cannot be closed. */
async function ending(ids: readonly string[], stuck: readonly string[]) {
  const open = new Set(ids);
  const failed: string[] = [];
  const tools = {
    store: {
      ended: async () => [...open].map((id) => ({ id }) as Connection),
      close: async (id: string) => void open.delete(id),
    },
    wire: {
      send: async () => 'sent' as const,
      async close({ id }: Pick<Connection, 'id'>) {
        if (stuck.includes(id)) throw new Error('429');
      },
    },
    observer: { notEnded: (id: string) => void failed.push(id) },
  };
  const count = await endConnections(tools, Date.now() + 5000);
  return { count, left: [...open], failed: new Set(failed) };
}

describe('the tick', () => {
  it('ends the other connections if one cannot be closed, which it reports and leaves to the next run', async () => {
    expect(await ending(['stuck', 'a', 'b'], ['stuck'])).toEqual({
      count: 2,
      left: ['stuck'],
      failed: new Set(['stuck']),
    });
  });

  it('ends although it can close none', async () => {
    expect(await ending(['a', 'b'], ['a', 'b'])).toMatchObject({ count: 0, left: ['a', 'b'] });
  });
});
