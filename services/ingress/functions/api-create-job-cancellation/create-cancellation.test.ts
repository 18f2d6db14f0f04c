import type { NewMessage } from '@spillway/shared/runtime/lane/send-all.ts';
import { createCancellation } from './create-cancellation.ts';

const jobType = {
  name: 'order',
  run: 'express' as const,
  searchKeys: ['orderId', 'amount', 'gift'],
  example: { input: { orderId: 'o', amount: 1, gift: true }, result: {} },
};
const NOW = new Date('2026-11-27T12:00:00Z');

/** Sends a request. @returns the answer, what was sent, and what was counted */
async function ask(body: unknown, key?: string, complete = true) {
  const sent: NewMessage[] = [];
  const counted: unknown[] = [];
  const answer = await createCancellation(
    { tenant: 't', body: JSON.stringify(body), key, requestId: 'r', stagePath: '/dev' },
    jobType,
    {
      matches: {
        count: async (match) => {
          counted.push(match);
          return { matched: 7, complete };
        },
      },
      send: async (message) => void sent.push(message),
      now: () => NOW,
    },
  );
  return { answer, sent, counted };
}

describe('the request to cancel many jobs', () => {
  it('submits a job of the tenant with the checked filter, and links to it', async () => {
    const filter = { status: 'QUEUED', from: '2026-11-27T01:00:00+01:00', orderId: 'ä', amount: 1.5, gift: false };
    const { answer, sent } = await ask({ filter }, 'my-key');
    const self = `/dev/cancellations/my-key?acceptedAt=${NOW.getTime()}`;
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: self },
      body: { jobId: 'my-key', links: { self } },
    });
    expect(sent).toMatchObject([{ groupId: 't', attributes: { tenant: 't', jobId: 'my-key', requestId: 'r' } }]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      type: 'order',
      status: 'QUEUED',
      from: '2026-11-27T01:00:00+01:00',
      search: [
        { position: 0, field: 'orderId', value: 'ä' },
        { position: 1, field: 'amount', value: '1.5' },
        { position: 2, field: 'gift', value: 'false' },
      ],
      stops: false,
    });
  });

  it('only counts for a dry run, and says so if it could not count all in time', async () => {
    const { answer, sent, counted } = await ask({ filter: { to: '2026-11-27T00:00:00Z' }, dryRun: true });
    expect([answer, sent]).toEqual([{ matched: 7 }, []]);
    expect(counted).toMatchObject([{ tenant: 't', type: 'order', to: new Date('2026-11-27T00:00:00Z'), at: NOW }]);
    expect((await ask({ filter: { orderId: 'a' }, dryRun: true }, undefined, false)).answer).toEqual({
      matched: 7,
      more: true,
    });
  });

  it.each([
    ['an empty filter', { filter: {} }, 'filter: is empty and would cancel every job; use status, from, to, orderId,'],
    ['no filter', { dryRun: true }, 'filter: '],
    ['a filter that is a list', { filter: [] }, 'filter: '],
    ['an unknown field', { filter: { status: 'QUEUED' }, force: true }, 'force'],
    [
      'an unknown field in its filter',
      { filter: { sku: 'a' } },
      'filter.sku: there is no such field; use status, from',
    ],
    ['a status that is an outcome', { filter: { status: 'FAILED' } }, 'filter.status: '],
    ['an invalid time', { filter: { from: 'yesterday' } }, 'filter.from: '],
    [
      'an end before its start',
      { filter: { from: '2026-11-27T02:00:00Z', to: '2026-11-27T01:00:00Z' } },
      'filter.from:',
    ],
    ['a text for a number', { filter: { amount: 'much' } }, 'filter.amount: use a number.'],
    ['a list as a value', { filter: { orderId: ['a'] } }, 'filter.orderId: use one value.'],
    ['null as a value', { filter: { orderId: null } }, 'filter.orderId: use one value.'],
  ])('is refused with %s, with the reason, and cancels nothing', async (_, body, reason) => {
    await expect(ask(body)).rejects.toMatchObject({
      code: 'cancellationRefused',
      values: { reason: expect.stringContaining(reason) },
    });
  });

  it.each(['not a key', 'batch', '', 'k'.repeat(65)])('is refused with the Idempotency-Key "%s"', async (key) => {
    await expect(ask({ filter: { orderId: 'a' } }, key)).rejects.toMatchObject({ code: 'cancellationRefused' });
  });
});
