import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { findEngine } from '@spillway/local/engine.ts';
import { engineEnvironment, STAGE } from '@spillway/local/environment.ts';
import { CliError } from './errors.ts';

/** Where a command works: the local engine, or a stage on AWS. */
export interface Stage {
  name: string;
  /** The engine's address; absent on AWS. */
  endpoint?: string;
  apiUrl: string;
  tokenUrl: string;
  userPoolId: string;
  usagePlanId: string;
}

/** The engine that `npm start` and `spillway up` run; `npm test` names its own. */
export const ENGINE_NAME = process.env.SPILLWAY_ENGINE || 'main';

/** Where a stage on AWS is if AWS_REGION is not set, as in every serverless.yml. */
const USUAL_REGION = 'eu-west-1';

/**
 * Finds a stage by its stack's outputs. Without a name it is the local engine; from then on this process's AWS clients
 * talk to it and to nothing else.
 *
 * @throws CliError if no engine runs, or the stage's front door is not deployed
 */
export async function findStage(name: string | undefined, engineName = ENGINE_NAME): Promise<Stage> {
  const engine = name === undefined || name === STAGE ? findEngine(engineName) : undefined;
  if (engine) enter(engineEnvironment(engine.endpoint));
  else if (name === undefined || name === STAGE) {
    throw new CliError(
      'NO_ENGINE',
      'No engine is running. Start one with "npm run spillway -- up", or name a stage on AWS with --stage.',
    );
  }
  process.env.AWS_REGION ||= USUAL_REGION;
  const stage = name ?? STAGE;
  const outputs = await ingressOutputs(stage);
  const output = (key: string) => {
    const value = outputs[key];
    if (!value)
      throw new CliError(
        'NO_OUTPUT',
        `The stack ingress-${stage} has no output ${key}. Deploy services/ingress again.`,
      );
    return value;
  };
  return {
    name: stage,
    ...(engine && { endpoint: engine.endpoint }),
    apiUrl: engine ? `${engine.endpoint}/${stage}` : output('ApiUrl'),
    tokenUrl: engine ? `${engine.endpoint}/oauth2/token` : output('TokenUrl'),
    userPoolId: output('UserPoolId'),
    usagePlanId: output('UsagePlanId'),
  };
}

/** From here on this process sees AWS as these variables say, and none that the shell had set. */
function enter(environment: NodeJS.ProcessEnv) {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

async function ingressOutputs(stage: string): Promise<Record<string, string | undefined>> {
  try {
    const { Stacks } = await new CloudFormationClient().send(
      new DescribeStacksCommand({ StackName: `ingress-${stage}` }),
    );
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    const mend = `Deploy it with "npx serverless deploy --stage ${stage}", and check your AWS credentials and AWS_REGION.`;
    const where = `in ${process.env.AWS_REGION} (${(error as Error).message})`;
    throw new CliError('NO_STAGE', `The front door of stage ${stage} was not found ${where}. ${mend}`);
  }
}
