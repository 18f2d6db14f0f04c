import type { Resource } from './cloudformation.ts';
import type { PluginTools, Serverless } from './plugin.ts';

const RETAINED = 'RetainExceptOnCreate';

/**
 * Protects tables and the user pool from deletion, by anyone and not only by CloudFormation, once a deploy has succeeded.
 * The template cannot say so: when a first deploy fails, CloudFormation deletes what it created, cannot delete what is
 * protected, and the deploy could not be repeated (docs/decisions/2026-11-26-protected-after-the-deploy.md).
 */
export default class DeletionProtection {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginTools) {
    this.hooks = {
      'after:deploy:deploy': async () => {
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        const names = [...(await protectTables(serverless, Resources)), ...(await protectPools(serverless, Resources))];
        if (names.length > 0) log.notice(`Protected from deletion: ${names.join(', ')}`);
      },
    };
  }
}

/** The resources of a type that outlive their stack. */
const retained = (resources: Record<string, Resource>, type: string) =>
  Object.entries(resources).filter(([, { Type, DeletionPolicy }]) => Type === type && DeletionPolicy === RETAINED);

async function protectTables(serverless: Serverless, resources: Record<string, Resource>): Promise<string[]> {
  const names = retained(resources, 'AWS::DynamoDB::Table').map(([, { Properties }]) => String(Properties?.TableName));
  if (names.length === 0) return [];
  // loaded only here, because packaging needs no client
  const { DynamoDBClient, UpdateTableCommand, DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  for (const TableName of names) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.DeletionProtectionEnabled) continue;
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  }
  return names;
}

async function protectPools(serverless: Serverless, resources: Record<string, Resource>): Promise<string[]> {
  const pools = retained(resources, 'AWS::Cognito::UserPool');
  if (pools.length === 0) return [];
  const config = await serverless.getProvider('aws').getAwsSdkV3Config();
  const { CognitoIdentityProviderClient, UpdateUserPoolCommand } = await import(
    '@aws-sdk/client-cognito-identity-provider'
  );
  const client = new CognitoIdentityProviderClient(config);
  for (const [id, { Properties }] of pools) {
    const { UserPoolName, ...settings } = Properties ?? {};
    // Cognito resets what an update leaves out, so this is the whole template, as in an update by CloudFormation
    // https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    await client.send(
      new UpdateUserPoolCommand({
        ...settings,
        UserPoolId: await physicalId(serverless, id),
        DeletionProtection: 'ACTIVE',
      }),
    );
  }
  return pools.map(([, { Properties }]) => `user pool ${Properties?.UserPoolName}`);
}

/** The id of a resource in the service's stack. */
async function physicalId(serverless: Serverless, LogicalResourceId: string): Promise<string | undefined> {
  const { service, provider } = serverless.service;
  const { CloudFormationClient, DescribeStackResourceCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  const StackName = `${service}-${provider.stage}`;
  const { StackResourceDetail } = await client.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
  return StackResourceDetail?.PhysicalResourceId;
}
