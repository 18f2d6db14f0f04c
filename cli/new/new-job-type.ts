import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goesOnAlone, type RunKindName, workflowKind } from '@spillway/shared/contracts/run-kinds.ts';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { CliError } from '../errors.ts';
import { CLIENT_TYPES, clientContracts, clientTypes } from './client-types.ts';
import { withLaneOf } from './compose-file.ts';
import { checkName, type Files, type Generated } from './new-files.ts';
import { workflowFiles } from './new-workflow.ts';

/** A new job type according to the command line. */
export interface NewJobType {
  name: string;
  service: string;
  /** Without it, the contract leaves the kind of run to its default, which needs only a function. */
  run?: RunKindName | undefined;
  /** The field of the input by which jobs are ordered. */
  ordered?: string | undefined;
}

/**
 * Makes a job type that runs as it is: its contract, and the code that its kind of run needs.
 *
 * @throws CliError if the name, the service or the field is not valid
 */
export function newJobType(root: string, jobType: NewJobType): Generated {
  const { name, service, run, ordered } = jobType;
  checkName(name);
  const services = listServices(root);
  if (!services.includes(service)) {
    throw new CliError(
      'NO_SUCH_SERVICE',
      `There is no service ${service}: choose one of ${services.join(', ')}, or add it with "npm run spillway -- new service ${service}".`,
      2,
    );
  }
  if (ordered !== undefined && !/^[a-z][A-Za-z0-9]*$/.test(ordered)) {
    throw new CliError('BAD_FIELD', `"${ordered}" is not a valid field name: use camel case, such as accountId.`, 2);
  }
  if (run && ordered !== undefined && goesOnAlone({ run })) {
    throw new CliError(
      'NO_ORDER',
      `Jobs that run as ${run} cannot be ordered: leave out --ordered or --run ${run}.`,
      2,
    );
  }
  const folder = `services/${service}/job-types/${name}`;
  const reader = `services/${service}/functions/tick-dead-letters/handler.ts`;
  const compose = readFileSync(join(root, 'serverless-compose.yml'), 'utf8');
  const composed = withLaneOf(compose, service);
  return {
    files: {
      [`shared/contracts/jobs/${name}.ts`]: contract(jobType),
      ...(run && workflowKind({ run })
        ? workflowFiles(folder, { name, run, text: textField(ordered) })
        : inlineFiles(folder, name, textField(ordered))),
      // with its first job type, a service needs a reader of dead letters
      ...(!existsSync(join(root, reader)) && { [reader]: DEAD_LETTER_READER }),
    },
    edits: {
      [CLIENT_TYPES]: clientTypes([...clientContracts(root), { name, ordered: ordered !== undefined }]),
      ...(composed !== compose && { 'serverless-compose.yml': composed }),
    },
  };
}

const DEAD_LETTER_READER = `import { deadLetters } from '@spillway/shared/runtime/lane/dead-letters.ts';

export const handler = deadLetters();
`;

/** The field that the generated code reads, which is not the one by which jobs are ordered. */
const textField = (ordered: string | undefined) => (ordered === 'text' ? 'words' : 'text');

/** A contract with the fields that have no default, and an input and a result to replace. */
function contract({ name, service, run, ordered }: NewJobType): string {
  const text = textField(ordered);
  const differing = [run ? `run: '${run}',` : '', ordered ? `lane: { kind: 'ordered', orderKey: '${ordered}' },` : ''];
  return `import * as z from 'zod/mini';
import { defineJobType${ordered ? ', ORDER_KEY' : ''} } from '../job-type.ts';

export default defineJobType({
  ${[`name: '${name}',`, `service: '${service}',`, `summary: 'Counts the characters of a text.',`, ...differing].filter(Boolean).join('\n')}
  input: z.strictObject({
    ${ordered ? `/** Jobs with the same value run one at a time, in the order in which they were accepted. */\n${ordered}: z.string().check(z.regex(ORDER_KEY)),` : ''}
    ${text}: z.string(),
  }),
  result: z.strictObject({ characters: z.int() }),
  example: {
    input: { ${ordered ? `${ordered}: 'example-1', ` : ''}${text}: 'hello' },
    result: { characters: 5 },
  },
});
`;
}

const inlineFiles = (folder: string, name: string, text: string): Files => ({
  [`${folder}/run.ts`]: `import type { RunOf } from '@spillway/shared/attempt/job-code.ts';
import type contract from '@spillway/shared/contracts/jobs/${name}.ts';

/** Runs one job. A job can run more than once: pass job.idempotencyKey(step) to whatever must happen only once. */
export const run: RunOf<typeof contract> = async ({ ${text} }) => ({ characters: ${text}.length });
`,
  [`${folder}/run.test.ts`]: `import contract from '@spillway/shared/contracts/jobs/${name}.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { run } from './run.ts';

it('${name} turns the example input of its contract into the example result', async () => {
  const { input, result } = contract.example;
  expect(await run(input, sampleJob())).toEqual(result);
});
`,
  [`${folder}/handler.ts`]: `import contract from '@spillway/shared/contracts/jobs/${name}.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(contract, run);
`,
});
