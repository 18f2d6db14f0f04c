import { allow, policyDocument, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';

const BUCKET = 'arn:${AWS::Partition}:s3:::${self:custom.lakeBucket}';

const DATABASE_USERS = 'arn:${AWS::Partition}:redshift:${AWS::Region}:${AWS::AccountId}:dbuser:*';

/** The role with which Redshift reads the lake. Associate it with the namespace of your workgroup (docs/warehouses.md). */
export const copyRole: Stack = {
  Resources: {
    CopyRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: '${self:custom.copyRoleName}',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              // https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-security-other-services.html
              Principal: { Service: ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'] },
              Action: 'sts:AssumeRole',
              // for the users of databases in this account and region: Redshift sends the ARN of the user
              // https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service-database-users.html
              Condition: { StringLike: { 'sts:ExternalId': sub(DATABASE_USERS) } },
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'read-facts',
            PolicyDocument: policyDocument(
              allow('s3:GetObject', sub(`${BUCKET}/parquet/*`)),
              allow(['s3:ListBucket', 's3:GetBucketLocation'], sub(BUCKET)),
            ),
          },
        ],
      },
    },
  },
  Outputs: { CopyRoleArn: { Value: { 'Fn::GetAtt': ['CopyRole', 'Arn'] } } },
};
