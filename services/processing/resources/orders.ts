import { policyDocument, ref, type Stack, tlsOnly } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/**
 * What the job type order-fulfilment uses: the stock by tenant and SKU, a row per order, and a topic for orders on their
 * way.
 */
export const orders: Stack = {
  Resources: {
    OrdersTable: onDemandTable('${self:custom.ordersTable}'),
    OrdersTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: '${self:custom.ordersTopic}',
        // the account's own SNS key, whose policy lets everyone use it who may publish
        KmsMasterKeyId: 'alias/aws/sns',
      },
    },
    OrdersTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('OrdersTopic')],
        PolicyDocument: policyDocument(tlsOnly('sns:Publish', ref('OrdersTopic'))),
      },
    },
  },
  Outputs: {
    OrdersTableName: { Value: ref('OrdersTable') },
    OrdersTopicArn: { Value: ref('OrdersTopic') },
  },
};
