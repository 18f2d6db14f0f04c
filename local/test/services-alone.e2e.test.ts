import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { APIGatewayClient, GetApiKeysCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { engineEnvironment, STAGE } from '@spillway/engine/engine-environment.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { webhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { parse } from 'yaml';
import { engine } from './deployed.ts';
import { TEST_TREE } from './test-tree.ts';

/** The services of the repository, and those of the test tree, which has one more. */
const SERVICES = listServices();
const DEPLOYED = listServices(TEST_TREE);
const CLI_SECONDS = 120;
/** A separate stage, so that the stage of the other tests is not changed. */
const OTHER_STAGE = 'alone';

/** A Serverless command in a service's own folder, as its team types it; in the tests' copy. @returns what it printed */
async function serverless(service: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/serverless'), args, {
    cwd: join(TEST_TREE, 'services', service),
    env: engineEnvironment(engine.endpoint),
  });
  return stdout + stderr;
}

/** A function is named as its folder, a workflow's step with its job type before it. */
const nameOf = (folder: string) => folder.replace('/steps/', '-').split('/').at(-1) ?? folder;

/** Where a workflow has the step of a folder, since a step goes on from the one before it; -1 for no step. */
function positionOf(service: string, folder: string): number {
  const [jobType, step = ''] = folder.split('/steps/');
  const file = join(ROOT, 'services', service, jobType ?? '', 'workflow.yml');
  return step && existsSync(file) ? Object.keys(parse(readFileSync(file, 'utf8')).States).indexOf(step) : -1;
}

/** Whether a folder is a step of a durable workflow. They go on from what an execution has come to. */
const isDurable = (folder: string) =>
  loadJobTypes().some(({ name, run }) => run === 'durable' && folder.startsWith(`job-types/${name}/steps/`));

/** Functions that work for minutes, or on whatever falls due on the stage. */
const UNATTENDED = ['every-minute', 'on-due', 'tick-dead-letters'];
/** Each takes seconds to start, and all light functions of a service start alike. */
const MOST_LIGHT_FUNCTIONS = 4;

/** Functions of a service with an example event, which `invoke local` uses. */
const functionsOf = (service: string) =>
  globSync('{functions,job-types}/**/handler.ts', { cwd: join(ROOT, 'services', service) })
    .map(dirname)
    .map((folder) => ({ name: nameOf(folder), position: positionOf(service, folder), folder }))
    .filter(({ folder }) => !isDurable(folder))
    .sort((a, b) => a.position - b.position || a.name.localeCompare(b.name))
    .filter(({ name }) => !UNATTENDED.includes(name))
    .filter(({ name }, index) => !name.startsWith('api-') || index < MOST_LIGHT_FUNCTIONS);

describe.each(SERVICES)('%s, from its own folder', (service) => {
  it.each(functionsOf(service))(
    `invoke local runs $name of ${service} on its example event`,
    async ({ name }) => {
      const printed = await serverless(service, 'invoke', 'local', '--stage', STAGE, '-f', name);
      expect(printed).toContain('example event');
      expect(printed).not.toContain('errorType');
      expect(printed).not.toContain('errorMessage');
    },
    CLI_SECONDS * 1000,
  );
});

/** The stack's status; undefined if there is none. */
async function statusOf(service: string): Promise<string | undefined> {
  const command = new DescribeStacksCommand({ StackName: `${service}-${OTHER_STAGE}` });
  const { Stacks } = await new CloudFormationClient().send(command).catch(() => ({ Stacks: [] }));
  return Stacks?.map(({ StackStatus }) => StackStatus).find((status) => status !== 'DELETE_COMPLETE');
}

/** The `spillway` command, in a shell that has credentials for the engine. @returns what it printed, and its exit code */
async function spillway(...args: string[]): Promise<[code: number, printed: string]> {
  const env = engineEnvironment(engine.endpoint);
  const command = [join(TEST_TREE, 'cli/spillway.ts'), ...args];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { env });
    return [0, stdout + stderr];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return [code, stdout + stderr];
  }
}

/** The names that the stage's deployments chose, of queues, tables, buckets and more, as far as they still exist. */
async function namesLeft(): Promise<string[]> {
  const { QueueUrls = [] } = await new SQSClient().send(new ListQueuesCommand({}));
  const { TableNames = [] } = await new DynamoDBClient().send(new ListTablesCommand());
  const { Buckets = [] } = await new S3Client().send(new ListBucketsCommand());
  const UserPools = await listUserPools();
  const { items = [] } = await new APIGatewayClient().send(new GetApiKeysCommand());
  const named = [...Buckets, ...UserPools].map(({ Name }) => Name);
  const names = [...QueueUrls, ...TableNames, ...named, ...items.map(({ name }) => name)]
    .map((name = '') => name.split('/').at(-1) ?? '')
    .filter((name) => name.startsWith(`spillway-${OTHER_STAGE}`));
  return [...names, ...(await secretsLeft(OTHER_STAGE))];
}

async function listUserPools() {
  const { UserPools = [] } = await new CognitoIdentityProviderClient().send(
    new ListUserPoolsCommand({ MaxResults: 60 }),
  );
  return UserPools;
}

/** The tables and user pools of the stage that anybody could delete. */
async function unprotected(): Promise<(string | undefined)[]> {
  const [dynamo, cognito] = [new DynamoDBClient(), new CognitoIdentityProviderClient()];
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand());
  const tables = await Promise.all(
    TableNames.map(async (TableName) => (await dynamo.send(new DescribeTableCommand({ TableName }))).Table),
  );
  const pools = await Promise.all(
    (await listUserPools()).map(
      async ({ Id }) => (await cognito.send(new DescribeUserPoolCommand({ UserPoolId: Id }))).UserPool,
    ),
  );
  return [
    ...tables.filter((table) => !table?.DeletionProtectionEnabled).map((table) => table?.TableName),
    ...pools.filter((pool) => pool?.DeletionProtection !== 'ACTIVE').map((pool) => pool?.Name),
  ].filter((name) => name?.startsWith(`spillway-${OTHER_STAGE}`));
}

/** The names of the secrets of a stage's webhooks. */
async function secretsLeft(stage: string): Promise<string[]> {
  const command = new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [`spillway-${stage}/`] }] });
  const { SecretList = [] } = await new SecretsManagerClient().send(command);
  return SecretList.map(({ Name = '' }) => Name);
}

describe('each service alone', () => {
  it(
    'each service deploys alone against the existing stacks, and can be removed again with everything that it leaves behind',
    async () => {
      for (const service of DEPLOYED) {
        const printed = await serverless(service, 'deploy', '--stage', OTHER_STAGE);
        expect(await statusOf(service)).toMatch(/_COMPLETE$/);
        if (service === 'processing') expect(printed).toMatch(/Up to \d+ functions of a stage run at the same time/);
      }
      // connections end by themselves within hours
      expect(await unprotected()).toEqual([`spillway-${OTHER_STAGE}-connections`]);
      expect((await spillway('tenant', 'create', 'acme', '--stage', OTHER_STAGE))[0]).toBe(0);
      const Bucket = (await namesLeft()).find((name) => name.includes('-archive-'));
      await new S3Client().send(new PutObjectCommand({ Bucket, Key: 'failed/a/b/c.json', Body: '{}' }));
      const { secretName } = await webhookSecrets(OTHER_STAGE).create('acme', 'crm');
      const longer = webhookSecrets(`${OTHER_STAGE}-2`);
      const others = await longer.create('acme', 'crm');

      // the services are listed in the order of their deployment, so the last one is needed by no other
      const last = DEPLOYED.at(-1) ?? '';
      await serverless(last, 'remove', '--stage', OTHER_STAGE);
      expect(await statusOf(last)).toBeUndefined();

      const before = await namesLeft();
      const tables = ['jobs', 'ledger', 'orders'].map((table) => `spillway-${OTHER_STAGE}-${table}`);
      expect(before).toEqual(
        expect.arrayContaining([...tables, secretName, `spillway-${OTHER_STAGE}`, `spillway-${OTHER_STAGE}-acme`]),
      );
      expect(before.some((name) => name.startsWith(`spillway-${OTHER_STAGE}-lake-`))).toBe(true);
      for (const wrong of [[], ['--yes', 'local']]) {
        const [code, printed] = await spillway('stage', 'remove', OTHER_STAGE, ...wrong);
        expect([code > 0, printed]).toEqual([true, expect.stringContaining('Nothing was removed')]);
        expect(printed).toContain(`${Bucket} (1 objects)`);
        expect(printed).toContain(`${secretName} (The webhook crm of the tenant acme)`);
      }
      expect((await namesLeft()).sort()).toEqual(before.sort());

      const [code, printed] = await spillway('stage', 'remove', OTHER_STAGE, '--yes', OTHER_STAGE);
      expect([code, printed]).toEqual([0, expect.stringContaining(`The stage ${OTHER_STAGE} is removed.`)]);
      expect(await namesLeft()).toEqual([]);
      for (const service of DEPLOYED) expect(await statusOf(service)).toBeUndefined();
      expect((await spillway('stage', 'remove', OTHER_STAGE))[1]).toContain('There is nothing');
      expect(await secretsLeft(`${OTHER_STAGE}-2`)).toEqual([others.secretName]);
      await longer.remove(others);
    },
    8 * CLI_SECONDS * 1000,
  );
});
