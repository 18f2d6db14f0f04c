import { APIGatewayClient, DeleteApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { CognitoIdentityProviderClient, DeleteUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { tokenSource } from '@spillway/client/access-token.ts';
import { type ApiKey, apiKeys } from '@spillway/client/api-keys.ts';
import { type AppClient, type AppClientOptions, appClients } from '@spillway/client/app-clients.ts';
import type { Stage } from '@spillway/client/deployed-stage.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { emptyBucket } from '../stage/empty-buckets.ts';
import type { CleanUp } from './clean-up.ts';
import { type Context, type ProbeTenant, type Submitted, until } from './context.ts';
import { resourceOf, type StageResource } from './stage-resources.ts';

/** Creates the tenant of a probe, and waits until the front door knows it. */
export async function createTenant(context: Omit<Context, 'tenant'>): Promise<ProbeTenant> {
  const { stage, label, cleanUp } = context;
  const client = await createClient(stage, label, cleanUp);
  const { value: apiKey } = await createKey(stage, label, cleanUp);
  const door = frontDoor(stage, { token: tokenSource(stage, client), apiKey });
  const submitText = async (type: string, body: string, id?: string): Promise<Submitted> => {
    const path = `/jobs/${type}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
    const answer = await door.request<{ jobId: string }>(path, { method: id === undefined ? 'POST' : 'PUT', body });
    if (answer.status !== 202)
      throw new Error(`${type} was answered with ${answer.status} ${answer.body?.detail ?? ''}`);
    const { jobId } = answer.body;
    const location = new URL(answer.headers.get('location') ?? '', 'https://front-door');
    return { type, id: jobId, acceptedAt: location.searchParams.get('acceptedAt') ?? '' };
  };
  const tenant = {
    ...client,
    apiKey,
    door,
    submitText: (type: string, body: string) => submitText(type, body),
    submit: (type: string, input: unknown, id?: string) => submitText(type, JSON.stringify(input), id),
  };
  const full = { ...context, tenant };
  for (const table of TABLES) cleanUp.add(`delete the probe’s rows (${table})`, () => deleteRows(full, table));
  cleanUp.add('delete the archive records of the probe’s jobs', () => deleteObjects(full, 'archive', 'failed'));
  cleanUp.add('delete the long results of the probe’s jobs', () => deleteObjects(full, 'payloads', 'results'));
  // API Gateway knows a new key only after some seconds
  await until(context, 'the new API key', 180, async () => (await door.jobs('csv-import')).status === 200);
  return tenant;
}

/** Creates an app client of the stage's user pool, until the clean-up. */
export async function createClient(
  { userPoolId: UserPoolId }: Stage,
  name: string,
  cleanUp: CleanUp,
  options: AppClientOptions = {},
): Promise<AppClient> {
  const client = await appClients(UserPoolId).create(name, options);
  cleanUp.add('delete the app client', () =>
    new CognitoIdentityProviderClient().send(
      new DeleteUserPoolClientCommand({ UserPoolId, ClientId: client.clientId }),
    ),
  );
  return client;
}

/** Creates an API key in the stage's usage plan, until the clean-up. */
export async function createKey({ usagePlanId }: Stage, name: string, cleanUp: CleanUp): Promise<ApiKey> {
  const key = await apiKeys(usagePlanId).create(name);
  cleanUp.add('delete the API key', () => new APIGatewayClient().send(new DeleteApiKeyCommand({ apiKey: key.keyId })));
  return key;
}

/** The tables of processing whose rows belong to a tenant. Its id is in their keys. */
const TABLES = ['jobsTable', 'ledgerTable', 'ordersTable'] as const;

/** Reads the whole table, because no index lists all rows of a tenant: $0.016 for each GB in us-east-1. */
async function deleteRows(context: Context, table: StageResource): Promise<void> {
  const client = new DynamoDBClient();
  const TableName = await resourceOf(context, table);
  const mine = {
    FilterExpression: 'contains(pk, :tenant)',
    ExpressionAttributeValues: { ':tenant': { S: context.tenant.clientId } },
    ProjectionExpression: 'pk',
  };
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ...mine })) {
    for (const { pk } of Items) if (pk) await client.send(new DeleteItemCommand({ TableName, Key: { pk } }));
  }
}

async function deleteObjects(context: Context, bucket: StageResource, kind: string): Promise<void> {
  const name = await resourceOf(context, bucket);
  await emptyBucket(new S3Client(), name, `${kind}/${context.tenant.clientId}/`);
}
