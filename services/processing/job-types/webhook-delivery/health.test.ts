import { PermanentJobError, RetryLaterError } from '@spillway/shared/attempt/errors.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { failureMeans, noteFailure, noteSuccess } from './health.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-11-27T12:00:00.000Z');
const before = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
const row = (more: Partial<WebhookRow> = {}) => ({ pk: 't', sk: 'crm', url: 'https://x', ...more }) as WebhookRow;

/** A store that records what it is asked to change. */
function recorder() {
  const changes: unknown[] = [];
  const change = async (_: unknown, set: object, remove: readonly string[] = [], where: object = {}) => {
    changes.push({ set, remove, where });
    return true;
  };
  return { changes, tools: { store: { get: async () => undefined, change }, now: () => now } };
}

describe('a failed attempt to deliver to a webhook', () => {
  it.each([
    [{}, 'failing'],
    [{ failingSince: before(0.9) }, 'nothing'],
    [{ failingSince: before(1) }, 'notice'],
    [{ failingSince: before(4.9), noticedAt: before(3.9) }, 'notice'],
    [{ failingSince: before(5), noticedAt: before(1) }, 'disable'],
    // nothing was delivered in between, so nobody has heard of it yet
    [{ failingSince: before(30) }, 'notice'],
    [{ failingSince: before(30), noticedAt: before(0.5) }, 'notice'],
  ])('of a webhook like %j means: %s', (state, expected) => {
    expect(failureMeans(state, now)).toBe(expected);
  });

  it('starts the time of failing unless the URL has changed meanwhile, and fails as it would have', async () => {
    const { changes, tools } = recorder();
    const error = new Error('no');
    expect(await noteFailure(row(), error, tools)).toBe(error);
    expect(changes).toEqual([{ set: { failingSince: now.toISOString() }, remove: [], where: { url: 'https://x' } }]);
  });

  it('says when the webhook will be disabled once it has failed for a day, at least a day ahead, and waits as the receiver asks', async () => {
    const { changes, tools } = recorder();
    const failingSince = before(4.5);
    const error = await noteFailure(row({ failingSince }), new RetryLaterError('HTTP_503', 'no', 60), tools);
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(error).toMatchObject({
      code: 'WEBHOOK_FAILING',
      afterSeconds: 60,
      message: expect.stringContaining(`disabled on ${new Date(now.getTime() + DAY_MS).toISOString()} unless`),
    });
    expect(changes).toEqual([{ set: { noticedAt: now.toISOString() }, remove: [], where: { failingSince } }]);
  });

  it('disables a webhook after five days for good, unless its URL has changed or a delivery has succeeded meanwhile', async () => {
    const { changes, tools } = recorder();
    const failingSince = before(6);
    const error = await noteFailure(row({ failingSince, noticedAt: before(2) }), new Error('no'), tools);
    expect(error).toBeInstanceOf(PermanentJobError);
    expect(error).toMatchObject({ code: 'WEBHOOK_DISABLED' });
    expect(changes).toMatchObject([{ set: { disabledBecause: 'failing' }, where: { url: 'https://x', failingSince } }]);
  });

  it('with a 410 disables a webhook at once', async () => {
    const { changes, tools } = recorder();
    const error = await noteFailure(row(), new PermanentJobError('HTTP_410', 'x answered 410'), tools);
    expect(error).toMatchObject({ code: 'HTTP_410', message: 'x answered 410: the webhook crm is disabled' });
    expect(changes).toMatchObject([{ set: { disabledBecause: 'gone' }, where: { url: 'https://x' } }]);
  });
});

describe('a successful delivery to a webhook', () => {
  it('ends the time of failing, and writes nothing if there was none', async () => {
    const { changes, tools } = recorder();
    await noteSuccess(row(), tools);
    expect(changes).toEqual([]);
    const failingSince = before(2);
    await noteSuccess(row({ failingSince }), tools);
    expect(changes).toEqual([{ set: {}, remove: ['failingSince', 'noticedAt'], where: { failingSince } }]);
  });
});
