import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { engineEnvironment, STAGE } from '@spillway/engine/environment.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { parse } from 'yaml';
import { engine } from './deployed.ts';
import { TEST_TREE } from './test-tree.ts';

/** The services of the repository, and those of the test tree, which has one more. */
const SERVICES = listServices();
const DEPLOYED = listServices(TEST_TREE);
const CLI_SECONDS = 120;
/** A separate stage, so that the stage of the other tests is not changed. */
const OTHER_STAGE = 'alone';

/** A Serverless command in a service's own folder, as its team types it; in the tests' copy. @returns what it printed */
async function serverless(service: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(join(ROOT, 'node_modules/.bin/serverless'), args, {
    cwd: join(TEST_TREE, 'services', service),
    env: engineEnvironment(engine.endpoint),
  });
  return stdout + stderr;
}

/** A function is named as its folder, a workflow's step with its job type before it. */
const nameOf = (folder: string) => folder.replace('/steps/', '-').split('/').at(-1) ?? folder;

/** Where a workflow has the step of a folder, since a step goes on from the one before it; -1 for no step. */
function positionOf(service: string, folder: string): number {
  const [jobType, step = ''] = folder.split('/steps/');
  const file = join(ROOT, 'services', service, jobType ?? '', 'workflow.yml');
  return step && existsSync(file) ? Object.keys(parse(readFileSync(file, 'utf8')).States).indexOf(step) : -1;
}

/** A service's functions. Each has an example event, which `invoke local` uses. */
const functionsOf = (service: string) =>
  globSync('{functions,job-types}/**/handler.ts', { cwd: join(ROOT, 'services', service) })
    .map((handler) => ({ name: nameOf(dirname(handler)), position: positionOf(service, dirname(handler)) }))
    .sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));

describe.each(SERVICES)('%s, from its own folder', (service) => {
  it.each(functionsOf(service))(
    `invoke local runs $name of ${service} on its example event`,
    async ({ name }) => {
      const printed = await serverless(service, 'invoke', 'local', '--stage', STAGE, '-f', name);
      expect(printed).toContain('example event');
      expect(printed).not.toContain('errorType');
      expect(printed).not.toContain('errorMessage');
    },
    CLI_SECONDS * 1000,
  );
});

/** The stack's status; undefined if there is none. */
async function statusOf(service: string): Promise<string | undefined> {
  const command = new DescribeStacksCommand({ StackName: `${service}-${OTHER_STAGE}` });
  const { Stacks } = await new CloudFormationClient().send(command).catch(() => ({ Stacks: [] }));
  return Stacks?.map(({ StackStatus }) => StackStatus).find((status) => status !== 'DELETE_COMPLETE');
}

describe('each service alone', () => {
  it(
    'each service deploys alone against the existing stacks, and can be removed again',
    async () => {
      for (const service of DEPLOYED) {
        await serverless(service, 'deploy', '--stage', OTHER_STAGE);
        expect(await statusOf(service)).toMatch(/_COMPLETE$/);
      }
      for (const service of DEPLOYED.toReversed()) {
        await serverless(service, 'remove', '--stage', OTHER_STAGE);
        expect(await statusOf(service)).toBeUndefined();
      }
    },
    8 * CLI_SECONDS * 1000,
  );
});
