import { join } from 'node:path';
import type { AWS } from 'serverless';
import type { JobType } from '../contracts/job-type.ts';
import { stopsKeys } from '../contracts/lane.ts';
import { goesOnAlone, workflowKind } from '../contracts/run-kinds.ts';
import { DELETION, LOG_RETENTION_DAYS, type Stack } from './cloudformation.ts';
import { consumer, DEAD_LETTER_READER, deadLetterReader, steps } from './consumers.ts';
import { lostEnds } from './execution-ends.ts';
import { type Functions, functionsIn } from './functions.ts';
import { jobTypesOf } from './job-types.ts';
import { blockedKeyAlarms, laneAlarms, serviceAlarms } from './lane-alarms.ts';
import { lane } from './lanes.ts';
import { checkedParameters } from './parameter-check.ts';
import { type Parameters, stageParameters } from './parameters.ts';
import { PLATFORM, type Places } from './places.ts';
import { serviceFolder } from './services.ts';
import { stateMachines, workflowLogs } from './workflows.ts';

/** The framework's own types do not include the configuration of serverless-step-functions. */
type Configuration = AWS & { stepFunctions?: Record<string, unknown> };

/** The settings of one service. Everything else is the same for all services, or follows from its folder and contracts. */
export interface ServiceDefinition {
  /** The name of its folder in `services/` and, with the stage, of its stack. */
  name: string;
  /** Parameters by stage. Those of `default` apply to every stage that does not set them. */
  params?: Record<string, Parameters>;
  /** Values that are used as `${self:custom.x}`. */
  custom?: Record<string, unknown>;
  /** Parts of the template: made by a function, or `${file(resources/<name>.yml)}`. */
  resources?: (Stack | string)[];
  /** The functions. By default one for each folder in `functions/`. */
  functions?: Functions;
  /** Where its job types keep their jobs. Only processing, which owns the places, does not use the default. */
  places?: Places;
}

/**
 * Makes a service's whole configuration for the Serverless Framework, which its `serverless.ts` exports by default. It
 * has a function for each folder in `functions/`. For each job type whose contract names the service, it has a lane, a
 * consumer, alarms and, if the job type has one, a workflow with its steps.
 *
 * @throws ContractError if any contract cannot work
 * @throws PackagingError if the service's folder does not match its contracts
 */
export function service({
  name,
  params = {},
  custom = {},
  resources = [],
  functions = functionsIn(serviceFolder(name)),
  places = PLATFORM,
}: ServiceDefinition): Configuration {
  const jobTypes = jobTypesOf(name);
  const jobs = jobTypes.length > 0 ? jobParts(name, jobTypes, places) : {};
  const all = { ...functions, ...jobs.functions };
  const parameters = stageParameters(params);
  return {
    service: name,
    frameworkVersion: '4',
    configValidationMode: 'error',
    plugins: [
      // it fails without a function
      ...(Object.keys(all).length > 0 ? ['serverless-esbuild'] : []),
      ...(jobs.stepFunctions ? ['serverless-step-functions'] : []),
      'serverless-iam-roles-per-function',
      '@spillway/shared/packaging/parameter-check.ts',
      '@spillway/shared/packaging/least-privilege.ts',
      '@spillway/shared/packaging/stack-limits.ts',
      '@spillway/shared/packaging/invoke-example.ts',
      '@spillway/shared/packaging/deploy-target.ts',
      '@spillway/shared/packaging/lane-kinds.ts',
      '@spillway/shared/packaging/concurrency.ts',
      '@spillway/shared/packaging/deletion-protection.ts',
    ],
    params: parameters,
    provider: {
      name: 'aws',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      region: "${opt:region, env:AWS_REGION, 'eu-west-1'}" as 'eu-west-1',
      stage: "${opt:stage, 'dev'}",
      deploymentMethod: 'direct',
      // AWS blocks it by default since 2023, but checks of templates look for it
      deploymentBucket: { blockPublicAccess: true },
      versionFunctions: false,
      logRetentionInDays: LOG_RETENTION_DAYS,
      // API Gateway decides which requests are traced, by the rule in services/ingress/resources/sampling.ts, and a function
      // follows the decision that its message or request carries
      tracing: { lambda: 'Active' },
      logs: {
        lambda: {
          logFormat: 'JSON',
          // EMF lines have no level, so they count as INFO: a stricter level would drop all metrics
          // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
          applicationLogLevel: 'INFO',
          // no START, END and REPORT, which were half of all log bytes; Lambda's own metrics have the durations
          systemLogLevel: 'WARN',
        },
      },
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        // each stage has its own metrics, because an account may have several stages
        POWERTOOLS_METRICS_NAMESPACE: 'Spillway/${sls:stage}',
      },
    },
    package: { individually: true },
    custom: {
      esbuild: { config: '../../shared/packaging/esbuild.ts' },
      accountId: '${param:accountId, aws:accountId}',
      onlyOnLoopback: '${param:onlyOnLoopback}',
      checkedParameters: checkedParameters({ ...parameters.default }),
      deletionPolicies: DELETION,
      // an unknown value is refused by parameter-check.ts, which runs once all variables are resolved
      deletion: '${self:custom.deletionPolicies.${param:deletionPolicy}, self:custom.deletionPolicies.Retain}',
      ...jobs.custom,
      ...custom,
    },
    // configValidationMode makes the framework check these by its own schema
    functions: all as NonNullable<AWS['functions']>,
    ...(jobs.stepFunctions && { stepFunctions: jobs.stepFunctions }),
    resources: [...(jobs.resources ?? []), ...resources] as NonNullable<AWS['resources']>,
  };
}

interface Parts {
  functions?: Functions;
  stepFunctions?: Record<string, unknown>;
  resources?: Stack[];
  custom?: Record<string, string>;
}

/** Everything that a service's job types need. */
function jobParts(service: string, jobTypes: readonly JobType[], places: Places): Parts {
  const folder = serviceFolder(service);
  const machines = stateMachines(join(folder, 'job-types'), jobTypes);
  return {
    functions: Object.assign(
      { [DEAD_LETTER_READER]: deadLetterReader(folder, jobTypes, places) },
      ...jobTypes.map((jobType) => ({
        [jobType.name]: consumer(folder, jobType, places),
        ...steps(folder, jobType, places),
      })),
    ),
    // consumers know their state machines by name, so these need no outputs
    ...(Object.keys(machines).length > 0 && {
      stepFunctions: { validate: true, noOutput: true, stateMachines: machines },
    }),
    resources: [
      {
        Resources: {
          ...serviceAlarms(service, places.alarmTopic),
          ...(jobTypes.some(stopsKeys) && blockedKeyAlarms(service, places.alarmTopic)),
        },
      },
      ...jobTypes.map(lane),
      ...jobTypes.map((jobType) => ({ Resources: laneAlarms(service, jobType, places.alarmTopic) })),
      ...jobTypes.filter(workflowKind).map((jobType) => ({ Resources: workflowLogs(jobType) })),
      ...(jobTypes.some(goesOnAlone) ? [lostEnds(service, places.alarmTopic)] : []),
    ],
    // for the permissions and the environment in a job type's function.yml
    custom: {
      archiveBucket: places.archive.name,
      payloadBucket: places.payloads.name,
      uploadBucket: places.uploads.name,
    },
  };
}
