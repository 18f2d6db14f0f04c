import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { NoSuchBucket, S3Client } from '@aws-sdk/client-s3';
import { emptyBucket } from './empty-buckets.ts';

/** An hour: CloudFormation waits for tables, pools and functions, one after the other. */
const LONGEST_REMOVAL_SECONDS = 3600;

/** The names of all stacks of the account and region. */
export async function listStacks(): Promise<string[]> {
  const names: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: new CloudFormationClient() }, {})) {
    names.push(...Stacks.map(({ StackName = '' }) => StackName));
  }
  return names;
}

/**
 * Deletes a stack. CloudFormation deletes no bucket with objects, so those of the stack are emptied first; a function may
 * still write to one, so if the removal fails, it is tried once more.
 *
 * @throws Error if the stack could not be deleted
 */
export async function removeStack(StackName: string): Promise<void> {
  const client = new CloudFormationClient();
  const remove = async () => {
    for (const bucket of await bucketsOf(client, StackName)) await emptyIfThere(bucket);
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete(
      { client, maxWaitTime: LONGEST_REMOVAL_SECONDS, minDelay: 1, maxDelay: 10 },
      { StackName },
    );
  };
  await remove().catch(remove);
}

async function bucketsOf(client: CloudFormationClient, StackName: string): Promise<string[]> {
  const buckets: string[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    const found = StackResourceSummaries.filter(({ ResourceType }) => ResourceType === 'AWS::S3::Bucket');
    buckets.push(...found.flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []));
  }
  return buckets;
}

async function emptyIfThere(bucket: string): Promise<void> {
  try {
    await emptyBucket(new S3Client(), bucket);
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
  }
}
