import { HOLDS_DATA, type Resource } from './cloudformation.ts';

/**
 * A table with the string key `pk`. It is billed per request, because bursts come without warning, and can be restored to
 * any second of the last 35 days. DynamoDB encrypts it with its own key, which costs nothing; with `SSESpecification`, each
 * use of the key would be billed
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html).
 *
 * @param more further properties, such as indexes. List the indexes' key attributes in `attributes`.
 */
export const onDemandTable = (
  TableName: string,
  { attributes = [], ...more }: { attributes?: string[]; [property: string]: unknown } = {},
): Resource => ({
  Type: 'AWS::DynamoDB::Table',
  ...HOLDS_DATA,
  Properties: {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', ...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    ...more,
  },
});
