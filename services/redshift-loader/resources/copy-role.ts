import { allow, policyDocument, ref, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';

const BUCKET = 'arn:${AWS::Partition}:s3:::${self:custom.lakeBucket}';

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
              // https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-serverless-iam.html
              Principal: { Service: ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'] },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
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
