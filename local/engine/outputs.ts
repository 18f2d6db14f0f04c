import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { listServices } from '@spillway/shared/packaging/services.ts';
import type { Engine } from './engine.ts';
import { REGION, STAGE } from './engine-environment.ts';
import { LocalError } from './errors.ts';

/** What each service gives to the others: the outputs of its stack, by service and name. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads every service's outputs from its stack. */
export async function readOutputs(engine: Engine): Promise<Outputs> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ endpoint: engine.endpoint, region: REGION, credentials });
  const entries = listServices().map(async (service) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: `${service}-${STAGE}` }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return [service, Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** @throws LocalError if the stack has no such output */
export function outputOf(outputs: Outputs, service: string, name: string): string {
  const value = outputs[service]?.[name];
  if (value) return value;
  throw new LocalError(
    'NO_OUTPUT',
    `The stack ${service}-${STAGE} has no output ${name}. Deploy services/${service} again.`,
  );
}
