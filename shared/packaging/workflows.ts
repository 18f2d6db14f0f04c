import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JobType } from '../contracts/job-type.ts';
import { workflowName, workflowTimeoutSeconds } from '../contracts/lane.ts';
import { RUN_KINDS, type RunKind, workflowKind } from '../contracts/run-kinds.ts';
import { allow, arnOf, LOG_RETENTION_DAYS, type Resource, type Statement } from './cloudformation.ts';
import { PackagingError } from './errors.ts';
import { foldersIn, yamlIn } from './functions.ts';
import { pascalCase } from './job-types.ts';
import { STAGE } from './lanes.ts';

type Json = Record<string, unknown>;
/** What a workflow needs of its job type. */
type Runnable = Pick<JobType, 'name' | 'run' | 'timeoutSeconds' | 'awaitsDecision'>;

/** How workflow.yml invokes a step, as AWS's examples have it; to wait for an answer, with {@link FOR_TOKEN} behind it. */
const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
const FOR_TOKEN = '.waitForTaskToken';
/** The same in the partition of the stage. */
const LAMBDA_INVOKE_HERE = 'arn:${param:partition}:states:::lambda:invoke';

/** The logical id of a job type's state machine. */
export const workflowId = ({ name }: Pick<JobType, 'name'>) => `${pascalCase(name)}Workflow`;

/** The literal ARN of a job type's state machine, for its consumer's environment. */
export const workflowArn = (jobType: Pick<JobType, 'name'>) =>
  `arn:\${param:partition}:states:\${aws:region}:\${self:custom.accountId}:stateMachine:${workflowName(jobType, STAGE)}`;

/** The literal ARN of the executions of a job type's state machine, whatever their names. */
export const executionsArn = (jobType: Pick<JobType, 'name'>) =>
  `arn:\${param:partition}:states:\${aws:region}:\${self:custom.accountId}:execution:${workflowName(jobType, STAGE)}:*`;

/**
 * The state machines of the job types that have a workflow, as serverless-step-functions configures them.
 *
 * @param folder the folder that contains the job types' folders
 * @throws PackagingError if a contract does not match its folder
 */
export function stateMachines(folder: string, jobTypes: readonly Runnable[]) {
  const machines = jobTypes.flatMap((jobType) => {
    const kind = workflowKind(jobType);
    checkWorkflow(folder, jobType, kind !== undefined);
    return kind ? [[workflowId(jobType), stateMachine(folder, jobType, kind)]] : [];
  });
  return Object.fromEntries(machines);
}

/** The log group that a job type's state machine writes to. */
export const workflowLogs = (jobType: Pick<JobType, 'name'>): Record<string, Resource> => ({
  [`${workflowId(jobType)}Logs`]: {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      // the prefix keeps the account's log resource policy within its limit of 5,120 characters
      // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
      LogGroupName: `/aws/vendedlogs/states/${workflowName(jobType, STAGE)}`,
      RetentionInDays: LOG_RETENTION_DAYS,
    },
  },
});

function stateMachine(folder: string, jobType: Runnable, { type }: NonNullable<RunKind['workflow']>) {
  const written = definition(folder, jobType);
  return {
    id: workflowId(jobType),
    name: workflowName(jobType, STAGE),
    type,
    definition: written,
    ...(isDistributed(written) && { iamRoleStatements: distributedRights(jobType) }),
    tracingConfig: { enabled: true },
    loggingConfig: {
      // only failed states; the consumer's log and the job's row have the successes
      level: 'ERROR',
      // the input comes from a client and may contain names, addresses and payment tokens
      includeExecutionData: false,
      destinations: [arnOf(`${workflowId(jobType)}Logs`)],
    },
  };
}

/** Whether a workflow has a Distributed Map. */
const isDistributed = (definition: unknown) => JSON.stringify(definition).includes('"Mode":"DISTRIBUTED"');

/**
 * What a Distributed Map needs: it starts executions of its own machine, and reads its items from where the job type's steps
 * may write (https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html). The plugin's own
 * statements for it, which allow more, are removed (least-privilege.ts).
 */
const distributedRights = (jobType: Pick<JobType, 'name'>): Statement[] => [
  allow(['states:StartExecution'], workflowArn(jobType)),
  allow(
    ['states:DescribeExecution', 'states:StopExecution'],
    `${executionsOf(jobType)}:*`,
    `${executionsOf(jobType)}/*`,
  ),
  allow(['s3:GetObject'], `arn:\${param:partition}:s3:::\${self:custom.payloadBucket}/steps/*/${jobType.name}/*`),
];

const executionsOf = (jobType: Pick<JobType, 'name'>) => workflowArn(jobType).replace(':stateMachine:', ':execution:');

/** The workflow's definition, with the contract's timeout, and with each step's function in place of its name. */
function definition(folder: string, jobType: Runnable) {
  const { name } = jobType;
  const file = `job-types/${name}/workflow.yml`;
  const written = yamlIn(folder, `${name}/workflow.yml`, file);
  if (!written?.States) throw new PackagingError(`${file} has no States: it must be a state machine`);
  if ('TimeoutSeconds' in written) {
    throw new PackagingError(
      `${file} must not set TimeoutSeconds, which follows from the contract's timeoutSeconds: remove it`,
    );
  }
  if (jobType.awaitsDecision && !JSON.stringify(written).includes(`${LAMBDA_INVOKE}${FOR_TOKEN}`)) {
    throw new PackagingError(
      `the contract ${name} says awaitsDecision, but no state of ${file} has the resource ${LAMBDA_INVOKE}${FOR_TOKEN}: add one, or remove awaitsDecision`,
    );
  }
  const steps = foldersIn(join(folder, name, 'steps'));
  const functionOf = (step: unknown) => {
    if (typeof step === 'string' && steps.includes(step)) return arnOf(`${name}-${step}`);
    throw new PackagingError(`${file} invokes the step "${step}", but there is no job-types/${name}/steps/${step}/`);
  };
  return { TimeoutSeconds: workflowTimeoutSeconds(jobType), ...(withFunctions(written, functionOf) as Json) };
}

function withFunctions(part: unknown, functionOf: (step: unknown) => unknown): unknown {
  if (Array.isArray(part)) return part.map((each) => withFunctions(each, functionOf));
  if (typeof part !== 'object' || part === null) return part;
  const inner: Json = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, withFunctions(value, functionOf)]),
  );
  const waits = inner.Resource === `${LAMBDA_INVOKE}${FOR_TOKEN}`;
  if (inner.Resource !== LAMBDA_INVOKE && !waits) return inner;
  const key = 'Arguments' in inner ? 'Arguments' : 'Parameters';
  const given = inner[key] as Json;
  const Resource = waits ? `${LAMBDA_INVOKE_HERE}${FOR_TOKEN}` : LAMBDA_INVOKE_HERE;
  return { ...inner, Resource, [key]: { ...given, FunctionName: functionOf(given?.FunctionName) } };
}

/** Checks that a job type has a workflow.yml if, and only if, its kind of run needs one. */
function checkWorkflow(folder: string, { name, run }: Runnable, needed: boolean): void {
  const file = `job-types/${name}/workflow.yml`;
  const exists = existsSync(join(folder, name, 'workflow.yml'));
  if (needed && !exists)
    throw new PackagingError(`the contract ${name} says run: '${run}', but it has no workflow: write ${file}`);
  if (needed || !exists) return;
  const kinds = Object.entries(RUN_KINDS).filter(([, { workflow }]) => workflow);
  const runs = kinds.map(([kind]) => `'${kind}'`).join(' or ');
  throw new PackagingError(`${file} is unused: set run: ${runs} in the contract ${name}, or delete the file`);
}
