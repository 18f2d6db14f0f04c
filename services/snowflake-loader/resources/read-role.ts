import { allow, policyDocument, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';

const BUCKET = 'arn:${AWS::Partition}:s3:::${self:custom.lakeBucket}';

/**
 * The role with which Snowflake's storage integration reads the facts, and nothing else of the lake. Only Snowflake's user may take
 * it, and only for your integration.
 * https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration
 */
export const readRole: Stack = {
  Resources: {
    ReadRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'spillway-${sls:stage}-snowflake',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: '${param:snowflakeUserArn}' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': '${param:snowflakeExternalId}' } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'read-facts',
            PolicyDocument: policyDocument(
              allow(['s3:GetObject', 's3:GetObjectVersion'], sub(`${BUCKET}/parquet/*`)),
              allow('s3:GetBucketLocation', sub(BUCKET)),
              {
                ...allow('s3:ListBucket', sub(BUCKET)),
                Condition: { StringLike: { 's3:prefix': ['parquet/*'] } },
              },
            ),
          },
        ],
      },
    },
  },
  Outputs: { ReadRoleArn: { Value: { 'Fn::GetAtt': ['ReadRole', 'Arn'] } } },
};
