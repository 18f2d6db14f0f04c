import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ClientError } from './errors.ts';

/**
 * Reads the outputs of a service's stack, with the AWS credentials and region of this process.
 *
 * @param what the part of the stage that the service is, for the error
 * @returns a function that reads an output by its name, and throws ClientError if there is none and nothing is given for this case
 * @throws ClientError if the service is not deployed
 */
export async function stackOutputs(
  service: string,
  stage: string,
  what: string,
): Promise<(name: string, otherwise?: string) => string> {
  const outputs = await readOutputs(service, stage, what);
  return (name, otherwise) => {
    const value = outputs[name] ?? otherwise;
    if (value !== undefined) return value;
    throw new ClientError(
      'NO_OUTPUT',
      `The stack ${service}-${stage} has no output ${name}. Deploy services/${service} again.`,
    );
  };
}

async function readOutputs(service: string, stage: string, what: string): Promise<Record<string, string | undefined>> {
  const cloudFormation = new CloudFormationClient();
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: `${service}-${stage}` }));
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    const place = `${await cloudFormation.config.region()} (${(error as Error).message})`;
    const remedy = `Deploy it with "npx serverless deploy --stage ${stage}", and check your AWS credentials and AWS_REGION.`;
    throw new ClientError('NO_STAGE', `The ${what} of stage ${stage} was not found in ${place}. ${remedy}`);
  }
}
