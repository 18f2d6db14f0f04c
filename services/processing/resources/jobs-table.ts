import { FIND_INDEXES } from '@spillway/shared/job-store/find-index.ts';
import {
  ALL_FAILURES_INDEX,
  BLOCKED_INDEX,
  DUE_INDEX,
  FAILED_INDEX,
  FAILURES_INDEX,
  LIST_INDEX,
} from '@spillway/shared/job-store/keys.ts';
import type { ShardedIndex } from '@spillway/shared/job-store/sharded-index.ts';
import { arnOf, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { JOBS_TABLE } from '@spillway/shared/packaging/places.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/** One row per job. Only shared/job-store knows its keys and conditions. */
export const jobsTable: Stack = {
  Resources: {
    JobsTable: onDemandTable(JOBS_TABLE, {
      attributes: [
        'listKey',
        'failedKey',
        'listSort',
        'failureKey',
        'failureShard',
        'failureSort',
        'dueKey',
        'dueSort',
        'blockedType',
        'blockedSort',
        ...FIND_INDEXES.map(({ hash }) => hash),
      ],
      // DynamoDB creates or deletes only one of them in an update, so a deploy to a stage that exists must not do more
      // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
      GlobalSecondaryIndexes: [
        // a tenant's jobs of one type, newest first, spread over 8 partitions; and only those that failed. Nothing that
        // changes, so that a job is written to an index only once
        index(LIST_INDEX, { ProjectionType: 'KEYS_ONLY' }),
        index(FAILED_INDEX, { ProjectionType: 'KEYS_ONLY' }),
        // the failures of all tenants, by job type and together, with what they are filtered by: only a failure and its
        // replay are written to them
        ...[FAILURES_INDEX, ALL_FAILURES_INDEX].map((each) =>
          index(each, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['failureCode', 'replayedAt'] }),
        ),
        // a tenant's jobs with a value of a search key: only a job type with search keys is written to them
        ...FIND_INDEXES.map((each) => index(each, { ProjectionType: 'KEYS_ONLY' })),
        // what must happen at a later time: only rows that wait for it have its key
        index(DUE_INDEX, { ProjectionType: 'KEYS_ONLY' }),
        // the jobs that block their order keys: only those of lanes that stop on failures
        index(BLOCKED_INDEX, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['blockedKey'] }),
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

function index({ IndexName, hash, range }: ShardedIndex, Projection: Record<string, unknown>) {
  return {
    IndexName,
    KeySchema: [
      { AttributeName: hash, KeyType: 'HASH' },
      { AttributeName: range, KeyType: 'RANGE' },
    ],
    Projection,
  };
}
