import { privateBucket } from '@spillway/shared/packaging/buckets.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/** The archive of failed and parked jobs, with everything needed to replay them, and results that are too big for a row. */
export const buckets: Stack = {
  Resources: {
    ...privateBucket('ArchiveBucket', {
      name: '${self:custom.archiveBucket}',
      // so that a record that was overwritten by mistake can be restored
      versioned: true,
      lifecycleRules: [
        {
          Id: 'expire',
          // a year covers every audit period that we know of, and the job that runs once a year
          ExpirationInDays: 365,
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        },
      ],
    }),
    ...privateBucket('PayloadBucket', {
      name: '${self:custom.payloadBucket}',
      lifecycleRules: [
        // longer than the row that points to it (42 days)
        { Id: 'expire', ExpirationInDays: 90 },
      ],
    }),
  },
  Outputs: {
    ArchiveBucketName: { Value: ref('ArchiveBucket') },
    PayloadBucketName: { Value: ref('PayloadBucket') },
  },
};
