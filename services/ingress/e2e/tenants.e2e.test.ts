import { onboarding, ownTenant, tokenOf } from '@spillway/e2e/callers.ts';
import { other, request } from '@spillway/e2e/deployed.ts';

/** How long a token that a tenant got before may still work, as the documentation says. */
const STATED_SECONDS = 15 * 60;
const PATH = '/jobs/csv-import';

/** How many seconds a token is valid. */
function lifetimeOf(token: string): number {
  const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return exp - iat;
}

/** Lists jobs with a token and an API key. @returns the status */
const list = async (token: string, apiKey: string) =>
  (await request(PATH, { headers: { authorization: `Bearer ${token}`, 'x-api-key': apiKey } })).status;

/** A new tenant with a token, as it is after its secrets were used for a while. */
async function tenantWithToken(name: string) {
  const tenant = await ownTenant(name);
  expect(await list(tenant.token, tenant.apiKey)).toBe(200);
  return tenant;
}

describe('the end of a tenant’s access', () => {
  it('a suspended tenant gets no new token, also not to use with the API key of another tenant', async () => {
    const suspended = await tenantWithToken('suspended');
    await onboarding.suspend(suspended.tenant);
    await expect(tokenOf(suspended)).rejects.toMatchObject({ code: 'NO_TOKEN' });
    expect(await list(suspended.token, suspended.apiKey)).toBe(403);
  });

  it('the tokens of a suspended tenant work with the API key of another tenant for 15 minutes at most', async () => {
    const suspended = await tenantWithToken('colluding');
    await onboarding.suspend(suspended.tenant);
    // a key only meters, and a token cannot be revoked, so its lifetime is the limit
    expect(await list(suspended.token, other.apiKey)).toBe(200);
    expect(lifetimeOf(suspended.token)).toBeLessThanOrEqual(STATED_SECONDS);
  });

  it('a tenant whose secrets were rotated has access with the new ones only', async () => {
    const leaked = await tenantWithToken('leaked');
    const rotated = await onboarding.rotate(leaked.tenant);
    expect(rotated.clientId).toBe(leaked.clientId);
    await expect(tokenOf(leaked)).rejects.toMatchObject({ code: 'NO_TOKEN' });
    const token = await tokenOf(rotated);
    expect([await list(token, rotated.apiKey), await list(token, leaked.apiKey)]).toEqual([200, 403]);
  });

  it('a suspended tenant has access again after its secrets were rotated, and keeps its identity', async () => {
    const suspended = await tenantWithToken('restored');
    await onboarding.suspend(suspended.tenant);
    const restored = await onboarding.rotate(suspended.tenant);
    expect(restored.clientId).toBe(suspended.clientId);
    expect(await list(await tokenOf(restored), restored.apiKey)).toBe(200);
  });
});
