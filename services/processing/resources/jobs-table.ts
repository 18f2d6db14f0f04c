import { arnOf, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { JOBS_TABLE } from '@spillway/shared/packaging/places.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/** One row per job. Only shared/job-store knows its keys and conditions. */
export const jobsTable: Stack = {
  Resources: {
    JobsTable: onDemandTable(JOBS_TABLE, {
      attributes: ['listKey', 'listSort'],
      GlobalSecondaryIndexes: [
        {
          // a tenant's jobs of one type, newest first, spread over 8 partitions
          IndexName: 'by-type',
          KeySchema: [
            { AttributeName: 'listKey', KeyType: 'HASH' },
            { AttributeName: 'listSort', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['jobId', 'type', 'status', 'attempt', 'acceptedAt', 'settledAt'],
          },
        },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
  },
  Outputs: {
    JobsTableName: { Value: ref('JobsTable') },
    JobsTableArn: { Value: arnOf('JobsTable') },
    JobsTableStreamArn: { Value: { 'Fn::GetAtt': ['JobsTable', 'StreamArn'] } },
  },
};
