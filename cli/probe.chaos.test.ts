import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';
import { CognitoIdentityProviderClient, paginateListUserPoolClients } from '@aws-sdk/client-cognito-identity-provider';
import { GetFunctionConcurrencyCommand, LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { stage } from '@spillway/e2e/deployed.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { execa } from 'execa';
import { ENGINE_LACKS } from './probe/check.ts';
import { PROBES } from './probe/run.ts';
import { resourceOf, STAGE_RESOURCES, type StageResource } from './probe/stage-resources.ts';
import { SPILLWAY, spillway } from './testing/run-spillway.ts';

/** A full run waits twice for a minute: for a long retry and for throttled messages. */
const LIMIT_MS = 400_000;
const gateway = new APIGatewayClient({});
const lambda = new LambdaClient({});

/** The names of everything that a probe left behind, and what it did not put back. */
async function leftovers(): Promise<string[]> {
  const names: string[] = [];
  for await (const { items = [] } of paginateGetApiKeys({ client: gateway }, {}))
    names.push(...items.map(({ name = '' }) => name));
  names.push(
    ...((await gateway.send(new GetRestApisCommand({ limit: 500 }))).items ?? []).map(({ name = '' }) => name),
  );
  const users = new CognitoIdentityProviderClient({});
  const pool = { UserPoolId: stage.userPoolId, MaxResults: 60 };
  for await (const { UserPoolClients = [] } of paginateListUserPoolClients({ client: users }, pool)) {
    names.push(...UserPoolClients.map(({ ClientName = '' }) => ClientName));
  }
  const left = names.filter((name) => name.includes('-probe-'));
  for (const type of ['csv-import', 'ledger-posting', 'webhook-delivery']) {
    const FunctionName = `processing-${stage.name}-${type}`;
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
      { client: lambda },
      { FunctionName },
    )) {
      left.push(...EventSourceMappings.filter(({ State }) => State !== 'Enabled').map(() => `${type} is switched off`));
    }
    const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    if (ReservedConcurrentExecutions !== undefined) left.push(`${type} has a reserved concurrency`);
  }
  return left;
}

/** The rows of a report's tables: the verdict, the check, what was expected, and what was seen. */
function readReport(printed: string): string[][] {
  const file = /The report is in (\S+)\. /.exec(printed)?.[1] ?? '';
  const rows = readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((each) => each.trim()),
    )
    .filter(([verdict = '']) => !/verdict|---/.test(verdict));
}

describe('spillway probe', () => {
  it(
    'passes every check that the engine can make, says why it cannot make the others, and leaves nothing behind',
    async () => {
      const { code, out, error } = await spillway(['probe', '--yes']);
      const rows = readReport(out);
      expect(rows.filter(([verdict]) => verdict === 'fail')).toEqual([]);
      expect([code, error]).toEqual([0, expect.not.stringContaining('Could not')]);
      const checks = PROBES.flatMap((probe) => probe.checks);
      expect(rows.map(([verdict, name]) => [verdict, name])).toEqual(
        checks.map(({ name, needs }) => [needs ? 'cannot say here' : 'pass', name]),
      );
      const reasons: string[] = Object.values(ENGINE_LACKS);
      for (const [verdict, , , seen = ''] of rows) {
        if (verdict === 'cannot say here') expect(reasons).toContain(seen);
      }
      expect(out).not.toMatch(/[^0-9]\d{12}[^0-9]/);
      expect(await leftovers()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'puts everything back if it is interrupted in the middle of an outage, and says that it was interrupted',
    async () => {
      const run = execa(process.execPath, [SPILLWAY, 'probe', '--only', 'D', '--yes'], { reject: false });
      run.stderr.on('data', (text) => {
        if (String(text).includes('nothing is invoked')) run.kill('SIGINT');
      });
      const { exitCode, stdout, stderr } = await run;
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The probe was interrupted.')]);
      expect(readReport(stdout).every(([verdict]) => verdict === 'cannot say here')).toBe(true);
      expect(await leftovers()).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each(Object.keys(STAGE_RESOURCES) as StageResource[])('finds the %s of a stage', async (resource) => {
    expect(await resourceOf({ stage }, resource)).toMatch(/./);
  });

  it('does nothing unless a person agrees', async () => {
    const { code, out, error } = await spillway(['probe', '--only', 'b,c']);
    expect([code, error]).toEqual([2, 'Nothing was done: without a terminal, confirm with --yes.\n']);
    expect(out).toContain('B. The largest messages');
    expect(out).not.toContain('A. The front door');
  });
});
