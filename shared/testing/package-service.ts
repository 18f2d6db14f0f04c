import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../packaging/services.ts';

/** A resource of a compiled template. */
export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is arbitrary JSON
  Properties: any;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string | string[];
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
}

/**
 * Packages a service for the stage `solo`, with no network and no credentials, into `.spillway/solo/<service>` (where
 * cfn-lint finds it afterwards).
 *
 * @param parameters the values of parameters that differ from those of the stage
 * @returns its compiled CloudFormation
 */
export function packageService(service: string, parameters: Record<string, string> = {}): Template {
  const variant = Object.entries(parameters).map((each) => each.join('-'));
  const folder = soloFolder([service, ...variant].join('-'));
  const given = Object.entries(parameters).flatMap((each) => ['--param', each.join('=')]);
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  execFileSync(
    join(ROOT, 'node_modules/.bin/serverless'),
    ['package', '--stage', 'solo', '--package', folder, ...given],
    {
      cwd: join(ROOT, 'services', service),
      env: { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE, SLS_TELEMETRY_DISABLED: '1' },
      stdio: 'pipe',
    },
  );
  return JSON.parse(readFileSync(join(folder, TEMPLATE), 'utf8'));
}

const TEMPLATE = 'cloudformation-template-update-stack.json';
const soloFolder = (name: string) => join(ROOT, '.spillway/solo', name);

/** The resources of one type, by logical id. */
export const ofType = ({ Resources }: Template, type: string): [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** Every statement of every policy of a role, as readable `action resource` lines; what is denied begins with `not`. */
export function rightsOf({ Resources }: Template, role: string): string[] {
  const policies: {
    PolicyDocument: { Statement: { Effect: string; Action: string | string[]; Resource: unknown }[] };
  }[] = Resources[role]?.Properties.Policies ?? [];
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().map((action) => `${Effect === 'Deny' ? 'not ' : ''}${action} ${JSON.stringify(Resource)}`),
    ),
  );
}

/** The framework's logical id of a function. */
export const functionId = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');

/** The permissions of a function, except those to write logs and traces. */
export const ownRightsOf = (template: Template, name: string) =>
  rightsOf(template, `${functionId(name)}IamRoleLambdaExecution`).filter((right) => !/^(logs|xray):/.test(right));
