import { FAILED_INDEX, LIST_INDEX } from '@spillway/shared/job-store/keys.ts';
import { arnOf, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { JOBS_TABLE } from '@spillway/shared/packaging/places.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/** One row per job. Only shared/job-store knows its keys and conditions. */
export const jobsTable: Stack = {
  Resources: {
    JobsTable: onDemandTable(JOBS_TABLE, {
      attributes: ['listKey', 'failedKey', 'listSort'],
      // a tenant's jobs of one type, newest first, spread over 8 partitions; and only those that failed
      GlobalSecondaryIndexes: [LIST_INDEX, FAILED_INDEX].map(({ IndexName, hash }) => ({
        IndexName,
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: 'listSort', KeyType: 'RANGE' },
        ],
        // nothing that changes, so that a job is written to an index only once
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
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
