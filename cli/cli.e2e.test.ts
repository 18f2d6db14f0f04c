import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient, CreateUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { engine, one, stage } from '@spillway/e2e/deployed.ts';
import { startEngine } from '@spillway/engine/engine.ts';
import { STATE } from '@spillway/engine/paths.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { listServices } from '@spillway/shared/packaging/services.ts';

/** AWS settings of a shell, none of which may reach a local command. */
const ELSEWHERE = {
  AWS_ENDPOINT_URL: 'https://192.0.2.1',
  AWS_ENDPOINT_URL_CLOUDFORMATION: 'https://192.0.2.1',
  AWS_PROFILE: 'production',
};
/** Starting an engine and deploying to it, on a busy machine. */
const DEPLOY_MS = 180_000;
const COGNITO_PAGE = 60;
const SPILLWAY = join(__dirname, 'spillway.ts');

interface Ran {
  code: number | null;
  out: string;
  error: string;
}

/** Runs the command as a person would, on the tests' engine unless the environment says otherwise. */
function spillway(args: string[], { input = '', ...environment }: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [SPILLWAY, ...args], { env: { ...process.env, ...ELSEWHERE, ...environment } });
  const ran: Ran = { code: null, out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    ran.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    ran.error += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ran, code })));
}

const as = (tenant: string) => ['--tenant', tenant];
const uniqueName = () => `t-${Math.random().toString(36).slice(2, 10)}`;

describe('spillway submit, status and watch', () => {
  it.each(loadJobTypes().map(({ name }) => name))(
    'submits the example of %s with the CLI and shows its status',
    async (type) => {
      const submitted = await spillway(['submit', type, ...as('one')]);
      expect([submitted.code, submitted.error]).toEqual([0, '']);
      const { jobId, acceptedAt } = JSON.parse(submitted.out);
      const { code, out } = await spillway(['status', type, jobId, '--accepted-at', acceptedAt, ...as('one')]);
      expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ jobId, type })]);
    },
  );

  it('submits an input from a file with a job id, and an input from standard input, with the CLI', async () => {
    const { example } = loadJobTypes().find(({ name }) => name === 'csv-import') ?? {};
    const file = join(mkdtempSync(join(tmpdir(), 'spillway-')), 'input.json');
    writeFileSync(file, JSON.stringify(example?.input));
    const jobId = uniqueName();
    const fromFile = await spillway(['submit', 'csv-import', '--input', file, '--id', jobId, ...as('one')]);
    expect(JSON.parse(fromFile.out)).toMatchObject({ jobId, status: 'QUEUED' });
    const fromInput = ['submit', 'csv-import', '--input', '-', ...as('one')];
    expect((await spillway(fromInput, { input: JSON.stringify(example?.input) })).code).toBe(0);
    const { acceptedAt } = JSON.parse(fromFile.out);
    const watched = await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as('one')]);
    expect([watched.code, watched.out]).toEqual([0, expect.stringContaining('SUCCEEDED (attempt 1)')]);
  });
});

it('exits with 1 and prints the error when spillway watch watches a job that fails', async () => {
  const { example } = loadJobTypes().find(({ name }) => name === 'csv-import') ?? {};
  const input = JSON.stringify({ ...(example?.input as object), csv: '"never closed' });
  const { out } = await spillway(['submit', 'csv-import', '--input', '-', ...as('one')], { input });
  const { jobId, acceptedAt } = JSON.parse(out);
  const watched = await spillway(['watch', 'csv-import', jobId, '--accepted-at', acceptedAt, ...as('one')]);
  expect([watched.code, watched.out]).toEqual([1, expect.stringContaining('CSV_MALFORMED')]);
});

describe('spillway with a command that it cannot run', () => {
  it.each([
    ['an unknown command', ['dance'], 2, "Unknown command 'dance'. Commands: up, down"],
    ['an unknown command that every object has', ['constructor'], 2, "Unknown command 'constructor'"],
    ['a misspelt command', ['sumbit', 'csv-import'], 2, 'Did you mean submit?'],
    ['too few arguments', ['status', 'csv-import'], 2, 'Usage: spillway status [options] <type> <id>'],
    ['too many arguments', ['down', 'now'], 2, 'Usage: spillway down'],
    ['an unknown option', ['submit', 'csv-import', '--fast'], 2, "Unknown option '--fast'. Usage: spillway submit"],
    ['a misspelt option', ['submit', 'csv-import', '--inptu', 'x'], 2, 'Did you mean --input?'],
    ['an unknown job type', ['submit', 'no-such-type', ...as('one')], 2, 'csv-import'],
    ['an unknown job type to look at', ['status', 'no-such-type', 'x', ...as('one')], 2, 'csv-import'],
    ['a missing file', ['submit', 'csv-import', '--input', '/nowhere.json'], 2, '/nowhere.json'],
    ['an input that is not JSON', ['submit', 'csv-import', '--input', SPILLWAY], 2, 'JSON'],
    ['an invalid job id', ['submit', 'csv-import', '--id', 'a b', ...as('one')], 2, '--id'],
    ['an unknown job', ['status', 'csv-import', 'no-such-job', ...as('one')], 1, '404'],
    ['an unknown job to watch', ['watch', 'csv-import', 'no-such-job', ...as('one')], 1, '404'],
    ['an id that is reserved', ['submit', 'csv-import', '--id', 'batch', ...as('one')], 2, '"batch", ".", "..".'],
    ['an empty standard input', ['submit', 'csv-import', '--input', '-', ...as('one')], 2, 'from standard input'],
    ['an invalid tenant', ['submit', 'csv-import', ...as('../one')], 2, 'tenant name'],
    ['a tenant without credentials', ['submit', 'csv-import', ...as('nobody')], 1, 'tenant create nobody'],
    ['an unknown tenant command', ['tenant', 'praise', 'x'], 2, 'Commands: create, rotate, suspend'],
    ['an invalid name for a new tenant', ['tenant', 'create', 'No Name'], 2, 'No Name'],
    ['an existing tenant to create', ['tenant', 'create', 'one'], 1, 'tenant rotate one'],
    ['a missing tenant to rotate', ['tenant', 'rotate', 'nobody'], 1, 'tenant create nobody'],
    ['a missing tenant to suspend', ['tenant', 'suspend', 'nobody'], 1, 'tenant create nobody'],
  ])('answers %s on the command line with one line that says what to do', async (_, args, code, remedy) => {
    const ran = await spillway(args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.error.trim().split('\n')).toEqual([expect.stringContaining(remedy)]);
  });

  it('tells how to start an engine when none is running, and that none can be stopped', async () => {
    const ran = await spillway(['submit', 'csv-import'], { SPILLWAY_ENGINE: 'none' });
    expect([ran.code, ran.error]).toEqual([1, expect.stringContaining('spillway -- up')]);
    expect(await spillway(['down'], { SPILLWAY_ENGINE: 'none' })).toMatchObject({
      code: 0,
      error: 'No engine was running.\n',
    });
  });

  it('looks for a stage on AWS in the default region and names the region', async () => {
    const aws = {
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ENDPOINT_URL_CLOUDFORMATION: engine.endpoint,
      AWS_PROFILE: '',
    };
    const ran = await spillway(['tenant', 'create', 'acme', '--stage', 'nowhere'], { ...aws, AWS_REGION: '' });
    expect([ran.code, ran.error]).toEqual([
      1,
      expect.stringMatching(/nowhere was not found in eu-west-1 .*AWS_REGION/),
    ]);
  });

  it('lists the commands when spillway runs without arguments or with help', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      expect(await spillway(args)).toMatchObject({
        code: 0,
        out: expect.stringContaining('watch [options]'),
        error: '',
      });
    }
  });

  it('shows the usage of a single command of spillway', async () => {
    for (const args of [
      ['submit', '--help'],
      ['submit', '-h'],
      ['help', 'submit'],
    ]) {
      expect(await spillway(args)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Usage: spillway submit .*--input <file>/s),
        error: '',
      });
    }
  });
});

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
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('403')]);

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

describe('spillway up and down', () => {
  it('prints the running engine as one line of JSON with spillway up, also for a second tenant', async () => {
    for (const tenant of ['one', uniqueName()]) {
      const { code, out, error } = await spillway(['up', '--json', ...as(tenant)]);
      expect([code, error, out.trim().split('\n')]).toEqual([0, '', [expect.any(String)]]);
      const up = JSON.parse(out);
      expect(Object.keys(up)).toEqual(['engine', 'apiUrl', 'token', 'apiKey', 'stage', 'tenant', 'outputs']);
      expect(up).toMatchObject({ engine: engine.endpoint, apiUrl: stage.apiUrl, stage: stage.name });
      expect(Object.keys(up.outputs)).toEqual(listServices());
      if (tenant === 'one') expect(up).toMatchObject({ tenant: one.clientId, apiKey: one.apiKey });
    }
  });

  it('stops an engine and keeps its state with spillway down, and deletes it with --forget', async () => {
    const spare = { name: 'spare', port: 0, keep: true };
    const { port, endpoint } = await startEngine(spare);
    const down = async (...args: string[]) => {
      const { code, error } = await spillway(['down', ...args], { SPILLWAY_ENGINE: 'spare' });
      return [code, error.trim()];
    };
    expect(await down()).toEqual([0, expect.stringContaining('continues with its state')]);
    await expect(fetch(endpoint)).rejects.toThrow();
    await expect(startEngine({ ...spare, port: port + 1 })).rejects.toThrow(`SPILLWAY_PORT=${port}`);
    expect(await startEngine({ ...spare, port })).toMatchObject({ resumed: true });
    expect(await down('--forget')).toEqual([0, 'Stopped, and its state is deleted.']);
    expect(await startEngine({ ...spare, port })).toMatchObject({ resumed: false });
    expect(await down('--forget')).toEqual([0, 'Stopped, and its state is deleted.']);
  });

  it(
    'leaves nothing behind after spillway up and spillway down --forget',
    async () => {
      const TMPDIR = mkdtempSync(join(tmpdir(), 'spillway-'));
      const own = { SPILLWAY_ENGINE: 'tidy', SPILLWAY_PORT: String(await unusedPort()), TMPDIR };
      const up = await spillway(['up'], own);
      expect([up.code, up.out]).toEqual([0, expect.stringContaining('curl -H @.spillway/headers-tidy')]);
      expect((await spillway(['down', '--forget'], own)).code).toBe(0);
      expect(readdirSync(TMPDIR)).toEqual([]);
      expect(readdirSync(STATE).filter((name) => name.includes('tidy'))).toEqual([]);
      expect(readdirSync(join(STATE, 'engines')).filter((name) => name.includes('tidy'))).toEqual([]);
    },
    DEPLOY_MS,
  );
});

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
