import DeployTarget from './deploy-target.ts';
import type { Serverless } from './plugin.ts';

const config = { region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } };

/** Deploys a stage, up to the first call to AWS. */
const deploying = (onlyOnLoopback: boolean) => {
  const serverless = {
    service: { custom: { onlyOnLoopback }, provider: { stage: 'local' } },
    getProvider: () => ({ getAwsSdkV3Config: async () => config }),
  } as unknown as Serverless;
  return new DeployTarget(serverless).hooks['before:deploy:deploy']?.();
};

describe('where a stage is deployed to', () => {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_CLOUDFORMATION } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_CLOUDFORMATION })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('the local stage is deployed to an engine on this machine', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:4566';
    await expect(deploying(true)).resolves.toBeUndefined();
  });

  it('the local stage is never deployed to AWS, and the message says what to do', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    await expect(deploying(true)).rejects.toThrow(
      'this would deploy it to cloudformation.eu-west-1.amazonaws.com: start the engine with "npm run spillway -- up"',
    );
  });

  it('an endpoint that is set only for CloudFormation counts', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:4566';
    process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = 'https://192.0.2.1';
    await expect(deploying(true)).rejects.toThrow('192.0.2.1');
  });

  it('any other stage is deployed to AWS', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    await expect(deploying(false)).resolves.toBeUndefined();
  });
});
