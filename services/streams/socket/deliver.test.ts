import { deliver, type Pace } from './deliver.ts';
import type { Sent } from './wire.ts';

/** Delivers to connections that behave as their names say, and notes what happened. */
async function delivering(
  ids: readonly string[],
  answer: (id: string, tries: number) => Sent,
  texts = ['1', '2', '3'],
  pace: Pace = { atOnce: 50, intervalMs: 0 },
) {
  const sent: string[] = [];
  const dropped: string[] = [];
  const closed: string[] = [];
  const failures: unknown[] = [];
  const tries = new Map<string, number>();
  const count = await deliver(
    ids.map((id) => ({ id, apiId: 'api', targets: ['t'], texts })),
    {
      wire: {
        async send({ id }, text) {
          const n = (tries.get(id) ?? 0) + 1;
          tries.set(id, n);
          const result = answer(id, n);
          if (result === 'sent') sent.push(`${id}:${text}`);
          return result;
        },
      },
      store: { close: async (id, further) => void closed.push(`${id} ${further}`) },
      observer: {
        dropped: (id, messages) => void dropped.push(`${id} ${messages}`),
        gone: () => {},
        failed: (error) => void failures.push(error),
      },
      endsAt: Date.now() + 5000,
      pace,
    },
  );
  return { count, sent, dropped, closed, failures, tries };
}

describe('delivering', () => {
  it('sends to each connection in order', async () => {
    const { sent, count } = await delivering(['in-order'], () => 'sent');
    expect([sent, count]).toEqual([['in-order:1', 'in-order:2', 'in-order:3'], 3]);
  });

  it('forgets a connection that has ended, with the subscription that led to it', async () => {
    const { closed, tries } = await delivering(['gone'], () => 'gone');
    expect([closed, tries.get('gone')]).toEqual([['gone t'], 1]);
  });

  it('tries a busy connection again, and goes on when it takes messages', async () => {
    const { sent, dropped } = await delivering(['recovers'], (_, n) => (n < 3 ? 'busy' : 'sent'));
    expect([sent.length, dropped]).toEqual([3, []]);
  });

  it('drops what a slow connection does not take, leaves it alone for a while, and serves the others', async () => {
    const answer = (id: string): Sent => (id === 'slow' ? 'busy' : 'sent');
    const first = await delivering(['slow', 'quick'], answer);
    expect([first.dropped, first.sent.length, first.tries.get('slow')]).toEqual([['slow 3'], 3, 3]);
    const second = await delivering(['slow', 'quick'], answer);
    expect([second.dropped, second.sent.length, second.tries.get('slow')]).toEqual([['slow 3'], 3, undefined]);
  });

  it('sends no faster than its pace allows, so that others keep their share of the API', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `paced-${n}`);
    const start = performance.now();
    const { count } = await delivering(ids, () => 'sent', ['1', '2', '3'], { atOnce: 4, intervalMs: 5 });
    expect(count).toBe(24);
    // the first goes at once; a timer may be two milliseconds early, because Node takes only whole ones of a delay and of its clock
    expect(performance.now() - start).toBeGreaterThan(23 * 5 - 2);
  });

  it('serves the others if sending to a connection fails, and reports one failure', async () => {
    const denied = new Error('AccessDenied');
    const { sent, dropped, failures } = await delivering(['denied-1', 'fine', 'denied-2'], (id) => {
      if (id === 'fine') return 'sent';
      throw denied;
    });
    expect([sent.length, dropped, failures]).toEqual([3, ['denied-1 3', 'denied-2 3'], [denied]]);
  });

  it('leaves out a message that is too long, and sends the ones behind it', async () => {
    const { sent, dropped } = await delivering(['long'], (_, n) => (n === 2 ? 'refused' : 'sent'));
    expect([sent, dropped]).toEqual([['long:1', 'long:3'], ['long 1']]);
  });
});
