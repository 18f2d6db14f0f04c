import { arnOf, HOLDS_DATA, policyDocument, type Resource, ref, sub, tlsOnly } from './cloudformation.ts';

interface BucketOptions {
  name: string;
  /** Whether overwritten and deleted objects are kept until a lifecycle rule removes them. */
  versioned?: boolean;
  /** When objects move to cheaper storage and when they are deleted. */
  lifecycleRules: Record<string, unknown>[];
  /** Which pages a browser may call it from; none by default. */
  corsRules?: Record<string, unknown>[];
}

/** A lifecycle rule for a bucket to which objects are written in parts: those of a write that was cut off are paid for, and nobody sees them. */
export const UNFINISHED = { Id: 'unfinished', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };

/** A bucket that is encrypted, never public, and refuses calls without TLS. */
export function privateBucket(
  id: string,
  { name, versioned = false, lifecycleRules, corsRules }: BucketOptions,
): Record<string, Resource> {
  return {
    [id]: {
      Type: 'AWS::S3::Bucket',
      ...HOLDS_DATA,
      Properties: {
        BucketName: name,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        ...(versioned && { VersioningConfiguration: { Status: 'Enabled' } }),
        ...(corsRules && { CorsConfiguration: { CorsRules: corsRules } }),
        LifecycleConfiguration: { Rules: lifecycleRules.map((rule) => ({ Status: 'Enabled', ...rule })) },
      },
    },
    [`${id}Policy`]: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref(id),
        PolicyDocument: policyDocument(tlsOnly('s3:*', [arnOf(id), sub(`\${${id}.Arn}/*`)])),
      },
    },
  };
}
