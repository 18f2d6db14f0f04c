import { CLAIM_TAG, CLAIMED_DAYS, UNCLAIMED_DAYS } from '@spillway/shared/contracts/upload.ts';
import { privateBucket, UNFINISHED } from '@spillway/shared/packaging/buckets.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/**
 * The archive of failed and parked jobs, with everything needed to replay them, and of the inputs of scheduled jobs;
 * results that are too big for a row; and what tenants upload.
 */
export const buckets: Stack = {
  Resources: {
    ...privateBucket('ArchiveBucket', {
      name: '${self:custom.archiveBucket}',
      // so that a record that was overwritten by mistake can be restored
      versioned: true,
      lifecycleRules: [
        {
          Id: 'expire',
          // a year covers every audit period that we know of. The input of a job that is scheduled a year ahead is needed
          // until its row is deleted, 42 days after it
          ExpirationInDays: 420,
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        },
      ],
    }),
    ...privateBucket('PayloadBucket', {
      name: '${self:custom.payloadBucket}',
      lifecycleRules: [
        // longer than the row that points to it (42 days)
        { Id: 'expire', ExpirationInDays: 90 },
        // an attempt can end while it writes a file
        UNFINISHED,
      ],
    }),
    ...privateBucket('UploadBucket', {
      name: '${self:custom.uploadBucket}',
      // a browser uploads from any page that has a presigned form
      corsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['*'], AllowedHeaders: ['*'], MaxAge: 3600 }],
      lifecycleRules: [
        {
          Id: 'unclaimed',
          TagFilters: [{ Key: CLAIM_TAG.key, Value: CLAIM_TAG.unclaimed }],
          ExpirationInDays: UNCLAIMED_DAYS,
        },
        { Id: 'expire', ExpirationInDays: CLAIMED_DAYS },
      ],
    }),
  },
  Outputs: {
    ArchiveBucketName: { Value: ref('ArchiveBucket') },
    PayloadBucketName: { Value: ref('PayloadBucket') },
    UploadBucketName: { Value: ref('UploadBucket') },
  },
};
