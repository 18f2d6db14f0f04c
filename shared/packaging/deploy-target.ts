import { PackagingError } from './errors.ts';
import type { Serverless } from './plugin.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Refuses to deploy a stage to AWS if its parameter `onlyOnLoopback` says so: the parameters of the stage `local` suit a
 * demo, and would let webhooks reach the loopback addresses of Lambda and give every SKU a million of stock.
 */
export default class DeployTarget {
  readonly hooks: Record<string, () => Promise<void>>;

  constructor(serverless: Serverless) {
    const check = async () => {
      const { custom, provider } = serverless.service;
      if (String(custom.onlyOnLoopback) !== 'true') return;
      const host = await endpointHost(serverless);
      if (LOOPBACK.test(host)) return;
      throw new PackagingError(
        `the stage ${provider.stage} is for the local engine only, and this would deploy it to ${host}: start the engine with "npm run spillway -- up", which deploys it, or use another stage, such as dev`,
      );
    };
    this.hooks = { 'before:deploy:deploy': check, 'before:deploy:function:deploy': check };
  }
}

/** Where the framework's calls to CloudFormation go, whether the environment, a profile or nothing says so. */
async function endpointHost(serverless: Serverless): Promise<string> {
  // loaded only here, because packaging needs no client
  const { CloudFormationClient, DescribeAccountLimitsCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(await serverless.getProvider('aws').getAwsSdkV3Config());
  let host = '';
  client.middlewareStack.add(
    () => async (args) => {
      host = (args.request as { hostname: string }).hostname;
      // nothing is sent
      return { response: {}, output: { $metadata: {} } };
    },
    { step: 'build' },
  );
  await client.send(new DescribeAccountLimitsCommand());
  return host;
}
