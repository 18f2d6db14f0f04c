import { DELETION_POLICY, deletion, type Resource } from './cloudformation.ts';

/**
 * A table with the string key `pk`. It is billed per request, because bursts come without warning, is encrypted, and can
 * be restored to any second of the last 35 days.
 *
 * @param more further properties, such as indexes. List the indexes' key attributes in `attributes`.
 */
export const onDemandTable = (
  TableName: string,
  { attributes = [], ...more }: { attributes?: string[]; [property: string]: unknown } = {},
): Resource => ({
  Type: 'AWS::DynamoDB::Table',
  ...deletion(DELETION_POLICY),
  Properties: {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', ...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
    ...more,
  },
});
