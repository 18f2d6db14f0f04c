import type { Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';
import { ENDS_INDEX } from '../socket/table.ts';

/** The connections of the socket and their subscriptions (socket/table.ts). */
export const connectionsTable: Stack = {
  Resources: {
    ConnectionsTable: {
      ...onDemandTable('${self:custom.connectionsTable}', {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
          { AttributeName: 'endsKey', AttributeType: 'S' },
          { AttributeName: 'until', AttributeType: 'N' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: ENDS_INDEX,
            KeySchema: [
              { AttributeName: 'endsKey', KeyType: 'HASH' },
              { AttributeName: 'until', KeyType: 'RANGE' },
            ],
            // what closing a connection takes
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['id', 'tenant', 'apiId'] },
          },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        // no connection outlives its stage, and none could be restored
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    },
  },
};
