import { privateBucket } from '@spillway/shared/packaging/buckets.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/** Failed and parked jobs, complete enough to replay, and results that are too big for a row. */
export const buckets: Stack = {
  Resources: {
    ...privateBucket('ArchiveBucket', {
      name: '${self:custom.archiveBucket}',
      // a record that is overwritten by mistake can be brought back
      versioned: true,
      lifecycleRules: [
        {
          Id: 'expire',
          // a year: every audit period that we know of, and the yearly job that fails once
          ExpirationInDays: 365,
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        },
      ],
    }),
    ...privateBucket('PayloadBucket', {
      name: '${self:custom.payloadBucket}',
      lifecycleRules: [
        // a little longer than the row that points to it (85 days)
        { Id: 'expire', ExpirationInDays: 90 },
      ],
    }),
  },
  Outputs: {
    ArchiveBucketName: { Value: ref('ArchiveBucket') },
    PayloadBucketName: { Value: ref('PayloadBucket') },
  },
};
