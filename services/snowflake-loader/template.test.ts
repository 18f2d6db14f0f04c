import { listServices } from '@spillway/shared/packaging/services.ts';
import { packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('snowflake-loader');
const role = template.Resources.ReadRole?.Properties;

it('is a stack of its own, which is not deployed with the others', () => {
  expect(listServices()).not.toContain('snowflake-loader');
});

it('only Snowflake’s user may take the role, and only with the external id of your integration', () => {
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:user/solo' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'solo' } },
    },
  ]);
});

it('Snowflake may read and list the facts, and nothing else of the lake', () => {
  expect(rightsOf(template, 'ReadRole')).toEqual([
    expect.stringMatching(/^s3:GetObject .*\/parquet\/\*/),
    expect.stringMatching(/^s3:GetObjectVersion .*\/parquet\/\*/),
    expect.stringMatching(/^s3:GetBucketLocation /),
    expect.stringMatching(/^s3:ListBucket /),
  ]);
  const [{ PolicyDocument }] = role.Policies;
  expect(PolicyDocument.Statement.at(-1).Condition).toEqual({ StringLike: { 's3:prefix': ['parquet/*'] } });
});

describeResources(template);
