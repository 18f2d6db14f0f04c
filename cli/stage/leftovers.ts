import { APIGatewayClient, DeleteApiKeyCommand, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  paginateListUserPools,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  paginateListTables,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { DeleteBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteTopicCommand, paginateListTopics, SNSClient } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { countObjects, emptyBucket } from './empty-buckets.ts';
import { collect, type Kind } from './kind.ts';
import { PREFIX } from './names.ts';
import { webhookSecrets } from './webhook-secrets.ts';

export const API_KEYS = 'API keys';

const apiKeys: Kind = {
  title: API_KEYS,
  async find({ owns }) {
    const client = new APIGatewayClient();
    const keys = await collect(paginateGetApiKeys({ client }, { nameQuery: PREFIX }), ({ items = [] }) => items);
    return keys
      .filter(({ name = '' }) => owns(name))
      .map(({ id: apiKey, name = '' }) => ({
        name,
        // also takes it out of its usage plan
        remove: () => client.send(new DeleteApiKeyCommand({ apiKey })),
      }));
  },
};

const queues: Kind = {
  title: 'queues',
  async find({ stage, owns }) {
    const client = new SQSClient();
    const urls = await collect(
      paginateListQueues({ client, pageSize: 1000 }, { QueueNamePrefix: `${PREFIX}${stage}-` }),
      ({ QueueUrls = [] }) => QueueUrls,
    );
    const mine = urls.map((url) => ({ url, name: url.split('/').at(-1) ?? '' })).filter(({ name }) => owns(name));
    return Promise.all(
      mine.map(async ({ url: QueueUrl, name }) => {
        const { Attributes = {} } = await client.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        const messages = (['', 'NotVisible', 'Delayed'] as const)
          .map((state) => Number(Attributes[`ApproximateNumberOfMessages${state}`] ?? 0))
          .reduce((sum, count) => sum + count, 0);
        return {
          name,
          content: `${messages} messages`,
          remove: () => client.send(new DeleteQueueCommand({ QueueUrl })),
        };
      }),
    );
  },
};

/** It takes seconds, but AWS promises nothing. */
const TABLE_SECONDS = 600;

const tables: Kind = {
  title: 'tables',
  async find({ owns }) {
    const client = new DynamoDBClient();
    const names = await collect(paginateListTables({ client }, {}), ({ TableNames = [] }) =>
      TableNames.filter((name) => owns(name)),
    );
    return Promise.all(
      names.map(async (TableName) => {
        const { Table } = await client.send(new DescribeTableCommand({ TableName }));
        return {
          name: TableName,
          content: `about ${Table?.ItemCount ?? 0} items`,
          async remove() {
            if (Table?.DeletionProtectionEnabled) {
              await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
              // a table that is being updated cannot be deleted
              await waitUntilTableExists({ client, maxWaitTime: TABLE_SECONDS, minDelay: 1 }, { TableName });
            }
            await client.send(new DeleteTableCommand({ TableName }));
            await waitUntilTableNotExists({ client, maxWaitTime: TABLE_SECONDS, minDelay: 1 }, { TableName });
          },
        };
      }),
    );
  },
};

const buckets: Kind = {
  title: 'buckets',
  async find({ owns }) {
    const client = new S3Client();
    const region = await client.config.region();
    // S3 lists the buckets of all regions, and ours end with theirs
    const { Buckets = [] } = await client.send(new ListBucketsCommand());
    const names = Buckets.map(({ Name = '' }) => Name).filter((name) => owns(name) && name.endsWith(`-${region}`));
    return Promise.all(
      names.map(async (Bucket) => ({
        name: Bucket,
        content: `${await countObjects(client, Bucket)} objects`,
        async remove() {
          await emptyBucket(client, Bucket);
          await client.send(new DeleteBucketCommand({ Bucket }));
        },
      })),
    );
  },
};

const userPools: Kind = {
  title: 'user pools',
  async find({ stage }) {
    const client = new CognitoIdentityProviderClient();
    const pools = await collect(
      paginateListUserPools({ client }, { MaxResults: 60 }),
      ({ UserPools = [] }) => UserPools,
    );
    return pools
      .filter(({ Name }) => Name === `${PREFIX}${stage}`)
      .map(({ Id: UserPoolId, Name = '' }) => ({
        name: `${Name} (${UserPoolId})`,
        content: 'all tenants',
        async remove() {
          const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
          // what the update leaves out is reset, which no longer matters
          if (UserPool?.DeletionProtection === 'ACTIVE') {
            await client.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
          }
          const { Domain } = UserPool ?? {};
          if (Domain) await client.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }));
          await client.send(new DeleteUserPoolCommand({ UserPoolId }));
        },
      }));
  },
};

const topics: Kind = {
  title: 'topics',
  async find({ owns }) {
    const client = new SNSClient();
    const all = await collect(paginateListTopics({ client }, {}), ({ Topics = [] }) => Topics);
    return all
      .map(({ TopicArn = '' }) => ({ TopicArn, name: TopicArn.split(':').at(-1) ?? '' }))
      .filter(({ name }) => owns(name))
      .map(({ TopicArn, name }) => ({ name, remove: () => client.send(new DeleteTopicCommand({ TopicArn })) }));
  },
};

const logGroups: Kind = {
  title: 'log groups',
  async find({ stage, owns }, services) {
    const client = new CloudWatchLogsClient();
    const groups = async (logGroupNamePrefix: string) =>
      collect(paginateDescribeLogGroups({ client }, { logGroupNamePrefix }), (page) => page.logGroups ?? []);
    const ofFunctions = services.map(async (service) => {
      const prefix = `/aws/lambda/${service}-`;
      return (await groups(`${prefix}${stage}-`)).filter(({ logGroupName = '' }) => owns(logGroupName, prefix));
    });
    const workflows = '/aws/vendedlogs/states/spillway-';
    const ofWorkflows = (await groups(`${workflows}${stage}-`)).filter(({ logGroupName = '' }) =>
      owns(logGroupName, workflows),
    );
    const found = [
      ...(await Promise.all(ofFunctions)).flat(),
      ...ofWorkflows,
      ...(await groups(`/spillway/${stage}/`)),
    ];
    return found.map(({ logGroupName = '', storedBytes = 0 }) => ({
      name: logGroupName,
      content: `${storedBytes} bytes`,
      remove: () => client.send(new DeleteLogGroupCommand({ logGroupName })),
    }));
  },
};

/** What a stage has beside its stacks, in the order in which it is removed: first the access of tenants. */
export const KINDS: readonly Kind[] = [apiKeys, queues, tables, webhookSecrets, buckets, userPools, topics, logGroups];
