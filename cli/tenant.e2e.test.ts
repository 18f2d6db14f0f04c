import { CognitoIdentityProviderClient, CreateUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { stage } from '@spillway/e2e/deployed.ts';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

const COGNITO_PAGE = 60;

describe('spillway tenant', () => {
  it('creates and suspends a tenant, then restores it with new secrets and keeps its jobs', async () => {
    const name = uniqueName();
    const created = JSON.parse((await spillway(['tenant', 'create', name])).out);
    expect(created).toMatchObject({ tenant: name, apiUrl: stage.apiUrl, tokenUrl: stage.tokenUrl });
    const { jobId, acceptedAt } = JSON.parse((await spillway(['submit', 'csv-import', ...as(name)])).out);
    const watch = ['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as(name)];
    expect(await spillway(watch)).toMatchObject({ code: 0, out: expect.stringContaining('SUCCEEDED') });

    expect((await spillway(['tenant', 'suspend', name])).code).toBe(0);
    const refused = await spillway(['submit', 'csv-import', ...as(name)]);
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('invalid_client')]);

    const rotated = JSON.parse((await spillway(['tenant', 'rotate', name])).out);
    expect(rotated.clientId).toBe(created.clientId);
    expect([rotated.apiKey, rotated.clientSecret]).not.toEqual([created.apiKey, created.clientSecret]);
    expect((await spillway(['status', 'csv-import', jobId, ...as(name)])).code).toBe(0);

    const leaked = { SPILLWAY_CLIENT_ID: created.clientId, SPILLWAY_CLIENT_SECRET: created.clientSecret };
    const oldSecret = await spillway(['submit', 'csv-import'], { ...leaked, SPILLWAY_API_KEY: rotated.apiKey });
    expect([oldSecret.code, oldSecret.error]).toEqual([1, expect.stringContaining('invalid_client')]);
    const oldKey = await spillway(['submit', 'csv-import'], {
      SPILLWAY_CLIENT_ID: rotated.clientId,
      SPILLWAY_CLIENT_SECRET: rotated.clientSecret,
      SPILLWAY_API_KEY: created.apiKey,
    });
    expect([oldKey.code, oldKey.error]).toEqual([1, expect.stringContaining('403')]);
  });
});

describe('spillway tenant create', () => {
  it('completes a tenant that was left without an API key, even among more than a page of tenants', async () => {
    const users = new CognitoIdentityProviderClient({});
    const client = (ClientName: string) =>
      users.send(
        new CreateUserPoolClientCommand({
          UserPoolId: stage.userPoolId,
          ClientName,
          GenerateSecret: true,
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthScopes: ['jobs/submit', 'jobs/read'],
        }),
      );
    for (let n = 0; n < COGNITO_PAGE; n += 1) await client(`other-${n}`);
    const name = uniqueName();
    const { UserPoolClient: half } = await client(`spillway-${stage.name}-${name}`);
    const { out } = await spillway(['tenant', 'create', name]);
    expect(JSON.parse(out)).toMatchObject({ clientId: half?.ClientId, clientSecret: half?.ClientSecret });
    expect((await spillway(['submit', 'csv-import', ...as(name)])).code).toBe(0);
    expect((await spillway(['tenant', 'create', name])).code).toBe(1);
  });
});
