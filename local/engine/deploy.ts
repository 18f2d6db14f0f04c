import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { withLock } from '@spillway/setup/lock.mjs';
import type { Engine } from './engine.ts';
import { engineEnvironment, REGION, STAGE } from './environment.ts';
import { LocalError } from './errors.ts';
import { forgetPackages, keepPackage, keptPackage, packagingLock } from './packages.ts';
import { ROOT } from './paths.ts';

export const SERVICES = ['processing', 'ingress', 'streams', 'analytics'] as const;
export type Service = (typeof SERVICES)[number];
/** What each service gives to the others: its stack's outputs. */
export type Outputs = Record<Service, Record<string, string>>;

/** How much of a failed command's output is shown. */
const LINES_SHOWN = 25;
/** Our own word on what is wrong, in what the CLI prints around it; it puts a comma after all but the last. */
const REFUSAL = /(?:ContractError|PackagingError): (.*?),?$/m;
/** Behind the service's name, which compose puts before each line. */
const STACK_LINE = /^(\S+ ›)?\s+at .+[)\d]$/;

/**
 * Deploys all services to an engine, by the real Serverless CLI and `serverless-compose.yml`; packages those that changed.
 *
 * @param root the tree to deploy
 * @throws LocalError with what is wrong with a contract or a folder, or else with the end of the CLI's output
 */
export function deployAll(engine: Engine, root = ROOT): Promise<void> {
  return withLock(packagingLock(root), () => deploy(engine, root));
}

async function deploy(engine: Engine, root: string): Promise<void> {
  const cli = join(ROOT, 'node_modules/.bin/serverless');
  const kept = SERVICES.map((service) => [service, keptPackage(root, service)] as const);
  const child = spawn(cli, ['deploy', '--stage', STAGE], {
    cwd: root,
    env: { ...engineEnvironment(engine.endpoint), ...Object.fromEntries(kept.map(variableOf)) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // a process group of its own, with the CLI of each service: all of it ends with us
    detached: true,
  });
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  process.removeListener('exit', end);
  if (code === 0) {
    for (const [service, folder] of kept) if (!folder) keepPackage(root, service);
    return;
  }
  forgetPackages(root);
  const refusal = REFUSAL.exec(output)?.[1];
  if (refusal) throw new LocalError('CANNOT_PACKAGE', `The services cannot be packaged: ${refusal}`);
  throw new LocalError(
    'DEPLOY_FAILED',
    `The services could not be deployed. The Serverless CLI said:\n${reasonOf(output)}`,
  );
}

/** The end of what the CLI printed, without the stacks: with them, the reason above would be cut off. */
export const reasonOf = (output: string) =>
  output
    .trim()
    .split('\n')
    .filter((line) => !STACK_LINE.test(line))
    .slice(-LINES_SHOWN)
    .join('\n');

/** By this variable a service deploys a package that is there; see `package.path` in its `serverless.yml`. */
const variableOf = ([service, folder = '']: readonly [Service, string | undefined]) =>
  [`${service.toUpperCase()}_PACKAGE`, folder] as const;

/** Reads every service's outputs from its stack. */
export async function readOutputs(engine: Engine): Promise<Outputs> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ endpoint: engine.endpoint, region: REGION, credentials });
  const entries = SERVICES.map(async (service) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: `${service}-${STAGE}` }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return [service, Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))];
  });
  return Object.fromEntries(await Promise.all(entries));
}
