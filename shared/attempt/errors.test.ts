import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';

describe('the error of a job', () => {
  it.each([
    ['a string', 'boom'],
    ['nothing', undefined],
    ['a circular object', Object.assign(Object.create(null), { self: null })],
    ['a function', () => 1],
  ])('fails a job with an error when its code throws %s instead of an Error', async (_, thrown) => {
    if (thrown && typeof thrown === 'object') (thrown as { self: unknown }).self = thrown;
    const { handle, model } = workbench(
      async () => {
        throw thrown;
      },
      sampleType({ maxAttempts: 1 }),
    );
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ outcome: 'FAILED', error: { code: 'NOT_AN_ERROR' } }]);
  });

  it.each([
    ['a name that is not a text', { name: 7 as unknown as string }, 'Error', 'boom'],
    ['a message that is not a text', { message: { of: 'an error' } as unknown as string }, 'Error', 'Error'],
    ['a code that is not a text', { code: 7 }, 'Error', 'boom'],
  ])(
    'makes a valid job error of an Error with %s, which an event may not contain',
    async (_, changes, code, message) => {
      const { handle, model } = workbench(
        async () => {
          throw Object.assign(new Error('boom'), changes);
        },
        sampleType({ maxAttempts: 1 }),
      );
      await handle([sampleMessage()]);
      expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ error: { code, message } }]);
    },
  );

  it.each([
    ['an error', new Error('x'.repeat(1_000_000))],
    ['a text', 'x'.repeat(1_000_000)],
  ])(
    'keeps only the beginning of a long error when job code throws %s, because a row holds 400 KB',
    async (_, thrown) => {
      const { handle, model } = workbench(
        async () => {
          throw thrown;
        },
        sampleType({ maxAttempts: 1 }),
      );
      await handle([sampleMessage()]);
      expect(JSON.stringify(model.jobOf(identityOf())?.outcomes).length).toBeLessThan(5000);
    },
  );

  it.each<[string, () => unknown]>([
    [
      'an error whose fields throw',
      () =>
        Object.defineProperty(new Error('x'), 'code', {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
    [
      'a revoked proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])('retries a job that throws %s, then fails it with an error that says so', async (_, thrown) => {
    const { handle, clock, model } = workbench(async () => {
      throw thrown();
    });
    for (let n = 0; n < 3; n += 1) {
      await handle([sampleMessage()]);
      clock.ms += 1_000_000;
    }
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { outcome: 'FAILED', error: { message: 'job code threw a value that cannot be shown' } },
    ]);
  });
});
