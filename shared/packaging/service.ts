import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AWS } from 'serverless';
import type { Stack } from './cloudformation.ts';
import { type FunctionDefinition, functionsIn } from './functions.ts';
import { SOLO_PARAMETERS } from './platform.ts';

const SERVICES_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../services');

/** What a service says about itself; all else is the same for every service. */
export interface ServiceDefinition {
  /** The name of its folder in `services/` and, with the stage, of its stack. */
  name: string;
  /** Parameters by stage; those of `default` hold on every stage that does not set them. */
  params?: Record<string, Record<string, string>>;
  /** Names that several files use, as `${self:custom.x}`. */
  custom?: Record<string, string>;
  /** Parts of the template: made by a function, or `${file(resources/<name>.yml)}`. */
  resources?: (Stack | string)[];
  /** By default one for each folder of `functions/`. */
  functions?: Record<string, FunctionDefinition>;
  stepFunctions?: Record<string, unknown>;
}

/** A service's whole configuration for the Serverless Framework; its `serverless.ts` exports it by default. */
export function service(definition: ServiceDefinition): AWS & { stepFunctions?: Record<string, unknown> } {
  const { name, params = {}, custom = {}, resources = [], stepFunctions } = definition;
  return {
    service: name,
    frameworkVersion: '4',
    configValidationMode: 'error',
    plugins: [
      'serverless-esbuild',
      ...(stepFunctions ? ['serverless-step-functions'] : []),
      'serverless-iam-roles-per-function',
      '@spillway/shared/packaging/small-zips.cjs',
      '@spillway/shared/packaging/least-privilege.ts',
      '@spillway/shared/packaging/stack-limits.ts',
    ],
    params: stageParameters(params),
    provider: {
      name: 'aws',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      region: "${opt:region, env:AWS_REGION, 'eu-west-1'}" as 'eu-west-1',
      stage: "${opt:stage, 'dev'}",
      deploymentMethod: 'direct',
      versionFunctions: false,
      // long enough to look into last month's incident
      logRetentionInDays: 30,
      tracing: { lambda: true },
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        // a stage's metrics are its own: an account may have several
        POWERTOOLS_METRICS_NAMESPACE: 'Spillway/${sls:stage}',
      },
    },
    package: {
      individually: true,
      // deploys the package that lies there, such as one that was tested before; without it, packages first
      path: `\${env:${name.toUpperCase()}_PACKAGE, ''}`,
    },
    custom: {
      esbuild: { config: '../../shared/packaging/esbuild.ts' },
      accountId: '${param:accountId, aws:accountId}',
      ...custom,
    },
    // checked by the framework's own schema, as configValidationMode says
    functions: (definition.functions ?? functionsIn(join(SERVICES_FOLDER, name))) as NonNullable<AWS['functions']>,
    ...(stepFunctions && { stepFunctions }),
    resources: resources as NonNullable<AWS['resources']>,
  };
}

/** A service's own parameters on top of those of every service. */
function stageParameters(own: Record<string, Record<string, string>>): Record<string, Record<string, string>> {
  const common: Record<string, Record<string, string>> = {
    default: {
      // what holds jobs outlives its stack
      deletionPolicy: 'Retain',
      // aws-cn and aws-us-gov have names of their own
      partition: 'aws',
    },
    local: { deletionPolicy: 'Delete' },
    // packages and invokes without a network and without another stack
    solo: SOLO_PARAMETERS,
  };
  const stages = new Set([...Object.keys(common), ...Object.keys(own)]);
  return Object.fromEntries([...stages].map((stage) => [stage, { ...common[stage], ...own[stage] }]));
}
