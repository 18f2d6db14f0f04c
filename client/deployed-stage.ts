import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ClientError } from './errors.ts';

/** A deployed stage: where its front door is, and where its tenants are kept. */
export interface Stage {
  name: string;
  apiUrl: string;
  tokenUrl: string;
  userPoolId: string;
  usagePlanId: string;
}

/**
 * Reads a stage from the outputs of its ingress stack, with the AWS credentials and region of this process.
 *
 * @param endpoint the endpoint of this process's AWS clients, if that is not AWS: it also serves the API and the
 *   tokens, and the host names in the outputs do not exist
 * @throws ClientError if the front door is not deployed
 */
export async function readStage(name: string, endpoint?: string): Promise<Stage> {
  const outputs = await ingressOutputs(name);
  const output = (key: string) => {
    const value = outputs[key];
    if (value) return value;
    throw new ClientError(
      'NO_OUTPUT',
      `The stack ingress-${name} has no output ${key}. Deploy services/ingress again.`,
    );
  };
  return {
    name,
    apiUrl: endpoint ? `${endpoint}/${name}` : output('ApiUrl'),
    tokenUrl: endpoint ? `${endpoint}/oauth2/token` : output('TokenUrl'),
    userPoolId: output('UserPoolId'),
    usagePlanId: output('UsagePlanId'),
  };
}

async function ingressOutputs(stage: string): Promise<Record<string, string | undefined>> {
  const cloudFormation = new CloudFormationClient();
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: `ingress-${stage}` }));
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    const place = `${await cloudFormation.config.region()} (${(error as Error).message})`;
    const remedy = `Deploy it with "npx serverless deploy --stage ${stage}", and check your AWS credentials and AWS_REGION.`;
    throw new ClientError('NO_STAGE', `The front door of stage ${stage} was not found in ${place}. ${remedy}`);
  }
}
