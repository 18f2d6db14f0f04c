import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { CliError } from '../errors.ts';
import { withService } from './compose-file.ts';
import { checkName, type Generated } from './new-files.ts';

const CODEOWNERS = '.github/CODEOWNERS';

/**
 * Makes a service that has no job types yet.
 *
 * @throws CliError if the name is not valid or taken
 */
export function newService(root: string, name: string): Generated {
  checkName(name);
  if (listServices(root).includes(name)) {
    throw new CliError('NAME_TAKEN', `The service ${name} already exists: choose another name.`);
  }
  const folder = `services/${name}`;
  return {
    files: {
      [`${folder}/package.json`]: packageJson(name),
      [`${folder}/serverless.ts`]: serverlessTs(name),
      [`${folder}/template.test.ts`]: templateTest(name),
      [`${folder}/README.md`]: readme(name),
    },
    edits: {
      'serverless-compose.yml': withService(readFileSync(join(root, 'serverless-compose.yml'), 'utf8'), name),
      ...(existsSync(join(root, CODEOWNERS)) && {
        [CODEOWNERS]: withOwner(readFileSync(join(root, CODEOWNERS), 'utf8'), name),
      }),
    },
  };
}

const packageJson = (name: string) =>
  JSON.stringify(
    {
      name: `@spillway/${name}`,
      version: '0.1.0',
      private: true,
      license: 'MIT',
      type: 'module',
      scripts: { package: 'serverless package --stage solo', deploy: 'serverless deploy' },
      dependencies: { '@spillway/shared': '*' },
    },
    null,
    2,
  );

const serverlessTs = (name: string) => `import { service } from '@spillway/shared/packaging/service.ts';

export default service({ name: '${name}' });
`;

const templateTest = (
  name: string,
) => `import { describeJobTypes } from '@spillway/shared/testing/job-types-template.ts';
import { packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('${name}');

describeResources(template);
describeJobTypes(template, '${name}');
`;

const readme = (name: string) => `# ${name}

## What it owns
The job types in [\`job-types\`](job-types), each with its lane, DLQ and consumer, which come from
[\`shared/packaging\`](../../shared/packaging).

## Functions
| function | started by | does |
| --- | --- | --- |
| \`<job type>\` | its lane | runs the jobs of that type |
| \`tick-dead-letters\` | a schedule, every four minutes | empties the DLQs: takes messages that a lane gave up on; returns them to the lane, fails their job, or parks them |

## Inputs and outputs
Needs \`JobsTableArn\`, \`ArchiveBucketName\`, \`PayloadBucketName\`, \`UploadBucketName\` and
\`AlarmTopicArn\` from processing. Provides \`<Type>LaneName\` and
\`<Type>LaneArn\` for each job type, which ingress sends to.

## Events
It publishes none itself. Streams publishes the events of its jobs.

## Metrics and alarms
As for every job type: see [processing](../processing/README.md#metrics-and-alarms).

## Deploy and try it alone
In this folder, with Node 24 and AWS credentials:

\`\`\`sh
npx serverless deploy --stage dev     # processing must already be deployed
npx serverless package --stage solo   # needs no network, credentials or other stack
\`\`\`
`;

/** Adds the service's team as an owner of the service's folder and of the contracts. */
function withOwner(text: string, name: string): string {
  const lines = text.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('/services/'));
  // aligned with the other owners
  const column = lines[last]?.indexOf('@') ?? 0;
  lines.splice(last + 1, 0, `${`/services/${name}/`.padEnd(column - 1)} @spillway/${name}`);
  return `${lines.map((line) => (line.startsWith('/shared/contracts/ ') ? `${line} @spillway/${name}` : line)).join('\n')}\n`;
}
