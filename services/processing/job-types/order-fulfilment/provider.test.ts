import { CardDeclinedError, testProvider } from './provider.ts';

const ask = (token: string, changes = {}) =>
  testProvider.charge({ idempotencyKey: 'k', token, amount: 1, currency: 'EUR', attempt: 1, tries: 1, ...changes });

describe('the test provider', () => {
  it('returns the same charge for the same idempotency key', async () => {
    expect(await ask('tok_visa')).toEqual(await ask('tok_visa', { tries: 2, attempt: 2 }));
    expect(await ask('tok_visa')).not.toEqual(await ask('tok_visa', { idempotencyKey: 'other' }));
  });

  it('declines, fails once or fails for one attempt, depending on the test token', async () => {
    await expect(ask('tok_declined')).rejects.toBeInstanceOf(CardDeclinedError);
    await expect(ask('tok_flaky')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    await expect(ask('tok_outage', { tries: 3 })).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(await ask('tok_flaky', { tries: 2 })).toHaveProperty('chargeId');
    expect(await ask('tok_outage', { attempt: 2 })).toHaveProperty('chargeId');
  });
});
