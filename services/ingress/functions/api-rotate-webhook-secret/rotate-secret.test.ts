import type { SigningSecret } from '@spillway/shared/webhooks/secrets.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { PROBLEMS } from '../../problems.ts';
import { rotateSecret } from './rotate-secret.ts';

const now = new Date('2026-11-27T12:00:00.000Z');
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString();
const row = { pk: 't', sk: 'crm', secretName: 's', secretVersion: 'v1' } as WebhookRow;

/** What a rotation stores and writes, beside secrets that sign. */
function rotation(secrets: SigningSecret[] | Error, isFirst = true, addFailsWith?: Error, rowNow?: WebhookRow) {
  const stored: SigningSecret[][] = [];
  const written: unknown[] = [];
  const tools = {
    store: {
      get: async () => rowNow,
      change: async (_: unknown, set: object, __: unknown, where?: object) => {
        written.push({ set, where });
        return isFirst;
      },
    },
    secrets: {
      read: async () => {
        if (secrets instanceof Error) throw secrets;
        return secrets;
      },
      add: async (_: unknown, others: readonly SigningSecret[]) => {
        if (addFailsWith) throw addFailsWith;
        stored.push([...others]);
        return { secretName: 's', secretVersion: 'v2', secret: 'new' };
      },
    },
    now: () => now,
  };
  return { stored, written, rotate: (body = '') => rotateSecret(row, body, tools) };
}

describe('a rotation of a webhook’s secret', () => {
  it('lets the old secret sign for a day, and writes the new version only over the one that it has read', async () => {
    const { stored, written, rotate } = rotation([{ secret: 'old' }]);
    expect(await rotate()).toEqual({ secret: 'new', previousSecretUntil: inHours(24) });
    expect(stored).toEqual([[{ secret: 'old', until: inHours(24) }]]);
    expect(written).toEqual([
      {
        set: { secretVersion: 'v2', secretSince: now.toISOString(), previousSecretUntil: inHours(24) },
        where: { secretVersion: 'v1' },
      },
    ]);
  });

  it('forgets secrets that no longer sign, and lengthens no overlap', async () => {
    const { stored, rotate } = rotation([
      { secret: 'old' },
      { secret: 'older', until: inHours(1) },
      { secret: 'oldest', until: inHours(0) },
    ]);
    expect(await rotate('{"overlapHours":2}')).toEqual({ secret: 'new', previousSecretUntil: inHours(2) });
    expect(stored).toEqual([
      [
        { secret: 'old', until: inHours(2) },
        { secret: 'older', until: inHours(1) },
      ],
    ]);
  });

  it('ends all old secrets at once with an overlap of 0', async () => {
    const { stored, rotate } = rotation([{ secret: 'old' }, { secret: 'older', until: inHours(1) }]);
    expect(await rotate('{"overlapHours":0}')).toEqual({ secret: 'new' });
    expect(stored).toEqual([[]]);
  });

  it('is refused while three secrets sign, before anything is stored', async () => {
    const signing = ['a', 'b'].map((secret) => ({ secret, until: inHours(1) }));
    const { stored, rotate } = rotation([{ secret: 'old' }, ...signing]);
    await expect(rotate()).rejects.toMatchObject({ code: 'tooManySecrets' });
    expect(stored).toEqual([]);
  });

  it('is refused if another rotation was faster, and leaves that one’s secret', async () => {
    await expect(rotation([{ secret: 'old' }], false).rotate()).rejects.toMatchObject({ code: 'rotatedMeanwhile' });
  });

  it('is refused with a 429 while Secrets Manager takes no more versions of a day, and other errors are not hidden', async () => {
    const failing = (name: string) => {
      const { written, rotate } = rotation([{ secret: 'old' }], true, Object.assign(new Error('no'), { name }));
      return rotate('{"overlapHours":0}').catch((error) => ({ error, written }));
    };
    expect(await failing('LimitExceededException')).toMatchObject({ error: { code: 'rotatedTooOften' }, written: [] });
    expect(PROBLEMS.rotatedTooOften).toMatchObject({ status: 429, headers: { 'Retry-After': expect.any(String) } });
    expect(await failing('InternalServiceError')).toMatchObject({ error: { name: 'InternalServiceError' } });
  });

  it.each(['ResourceNotFoundException', 'InvalidRequestException'])(
    'finds no webhook if another request is deleting it, and is refused if others have rotated its secret twice: %s',
    async (name) => {
      const gone = Object.assign(new Error('no'), { name });
      const rotated = { ...row, secretVersion: 'v3' };
      for (const [rowNow, code] of [
        [undefined, 'unknownWebhook'],
        [row, 'unknownWebhook'],
        [rotated, 'rotatedMeanwhile'],
      ] as const) {
        await expect(rotation(gone, true, undefined, rowNow).rotate()).rejects.toMatchObject({ code });
        await expect(rotation([], true, gone, rowNow).rotate()).rejects.toMatchObject({ code });
      }
    },
  );

  it.each(['{"overlapHours":-1}', '{"overlapHours":169}', '{"overlap":1}', '[]'])(
    'refuses the body %s',
    async (body) => {
      await expect(rotation([{ secret: 'old' }]).rotate(body)).rejects.toMatchObject({ code: 'badBody' });
    },
  );
});
