import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { SCOPES, type Scope } from '@spillway/shared/contracts/scopes.ts';
import { arnOf, type Resource, sub } from '@spillway/shared/packaging/cloudformation.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { type FunctionDefinition, functionsIn } from '@spillway/shared/packaging/functions.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import type { DescribeOperation } from './operation-description.ts';

/**
 * A route that a light function answers: one for every job type if its path starts with {@link TYPE_PATH}, else a single
 * one.
 */
export interface LightRoute {
  functionName: string;
  method: string;
  /** With placeholders, such as `/jobs/{type}/{jobId}`. */
  path: string;
  /** The scope that a tenant's token needs. Absent below {@link ADMIN_PATH}, where callers sign their requests with IAM. */
  scope?: Scope;
  /** Whether it accepts jobs. A retired job type has no such route. */
  submits: boolean;
  /** Only job types whose contract says this have the route. */
  onlyFor?: 'awaitsDecision';
  operation: DescribeOperation;
}

/** The path that all routes of a job type start with. */
export const TYPE_PATH = '/jobs/{type}';
/** The path that all routes of administrators start with. */
export const ADMIN_PATH = '/admin';

const ROUTE =
  /^([A-Z]+) (\/(?:jobs\/\{type\}|(?!jobs(?:\/|$))[a-z][a-z0-9-]*)(?:\/(?:[a-z][a-z0-9-]*|\{[a-z][A-Za-z0-9]*\}))*)$/;
/** The verb, and the part of a job that it is about, or in a route of no job type whatever it is about. */
const FUNCTION_NAME = { type: /^api-([a-z]+)-jobs?((?:-[a-z0-9]+)*)$/, single: /^api-([a-z]+)((?:-[a-z0-9]+)+)$/ };

/** The routes that a job type has. */
export const routesOfType = (
  { retired, awaitsDecision }: Pick<JobType, 'retired' | 'awaitsDecision'>,
  routes: readonly LightRoute[],
): LightRoute[] =>
  routes.filter(
    (route) => isOfType(route) && !(retired && route.submits) && (awaitsDecision || route.onlyFor !== 'awaitsDecision'),
  );

/** The routes that belong to no job type. */
export const singleRoutes = (routes: readonly LightRoute[]): LightRoute[] => routes.filter((route) => !isOfType(route));

const isOfType = ({ path }: Pick<LightRoute, 'path'>) => isBelow(path, TYPE_PATH);
const isBelow = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`);

/**
 * The light functions of a service, and the routes that their `function.yml` names.
 *
 * @throws PackagingError naming the function and what is wrong with its route
 */
export function lightFunctions(service: string) {
  const functions: Record<string, FunctionDefinition> = {};
  const routes: LightRoute[] = [];
  for (const [name, { route, scope, submits, onlyFor, ...definition }] of Object.entries(functionsIn(service))) {
    functions[name] = { description: String(route), ...(definition as FunctionDefinition) };
    routes.push({
      functionName: name,
      ...readRoute(name, route, scope),
      submits: submits === true,
      ...readCondition(name, onlyFor),
      operation: loadOperation(service, name),
    });
  }
  return { functions, routes };
}

function readCondition(name: string, onlyFor: unknown): Pick<LightRoute, 'onlyFor'> {
  if (onlyFor === undefined) return {};
  if (onlyFor === 'awaitsDecision') return { onlyFor };
  throw new PackagingError(
    `functions/${name}/function.yml: onlyFor must be awaitsDecision, not ${JSON.stringify(onlyFor)}`,
  );
}

function readRoute(name: string, route: unknown, scope: unknown): Pick<LightRoute, 'method' | 'path' | 'scope'> {
  const refuse = (problem: string): never => {
    throw new PackagingError(`functions/${name}/function.yml: ${problem}`);
  };
  const [, method = '', path = ''] =
    ROUTE.exec(String(route)) ??
    refuse(
      `route must look like "GET ${TYPE_PATH}/{jobId}", "POST /uploads" or "GET ${ADMIN_PATH}/failures", not ${JSON.stringify(route)}`,
    );
  if (isBelow(path, ADMIN_PATH)) {
    return scope === undefined ? { method, path } : refuse(`remove scope: callers of ${path} sign with IAM`);
  }
  if (!isScope(scope)) {
    return refuse(`scope must be one of ${Object.keys(SCOPES).join(', ')}, not ${JSON.stringify(scope)}`);
  }
  const methods: readonly string[] = SCOPES[scope].methods;
  if (!methods.includes(method)) {
    refuse(
      `${scope} is the scope of ${methods.join(', ')}; add ${method} to shared/contracts/scopes.ts, or use another scope`,
    );
  }
  return { method, path, scope };
}

const isScope = (scope: unknown): scope is Scope => typeof scope === 'string' && Object.hasOwn(SCOPES, scope);

function loadOperation(service: string, name: string): DescribeOperation {
  const file = join('functions', name, 'operation.ts');
  if (!existsSync(join(service, file))) {
    throw new PackagingError(
      `functions/${name}/ needs the file operation.ts, which describes its route for openapi.json`,
    );
  }
  return createRequire(import.meta.url)(join(service, file)).operation;
}

/** `api-get-job` → `get`; `api-get-job-history` → `get`, `History`; `api-create-upload` → `create`, `Upload`. */
function wordsOf(route: LightRoute): { verb: string; part: string } {
  const { functionName } = route;
  const [, verb = '', part = ''] = FUNCTION_NAME[isOfType(route) ? 'type' : 'single'].exec(functionName) ?? [];
  if (!verb) {
    const example = isOfType(route) ? 'api-get-job or api-get-job-history' : 'api-create-upload';
    throw new PackagingError(
      `functions/${functionName}: use a name that says what the function does, such as ${example}`,
    );
  }
  return { verb, part: pascalCase(part) };
}

/** `CsvImport` → `getCsvImport`, `getCsvImportHistory`. A route of no job type has no `typeId`: `createUpload`. */
export function operationId(route: LightRoute, typeId = ''): string {
  const { verb, part } = wordsOf(route);
  return `${verb}${typeId}${part}`;
}

/** The methods that a route answers. HEAD is answered wherever GET is (RFC 9110, section 9.1). */
export const methodsOf = ({ method }: Pick<LightRoute, 'method'>): string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/** What an id says about a method that is not the route's own, such as `Head`. */
const suffixOf = (route: LightRoute, method: string) =>
  method === route.method ? '' : pascalCase(method.toLowerCase());

/** The logical id of the method: `CsvImport` → `CsvImportGet`, `CsvImportGetHistory`, `CsvImportGetHead`. */
export function methodId(route: LightRoute, typeId: string, method = route.method): string {
  const { verb, part } = wordsOf(route);
  return `${typeId}${pascalCase(verb)}${part}${suffixOf(route, method)}`;
}

/** The start of a function's logical ids in the Serverless Framework. */
const logicalId = (functionName: string) =>
  functionName.charAt(0).toUpperCase() + functionName.slice(1).replaceAll('-', 'Dash');

export const lambdaId = ({ functionName }: LightRoute) => `${logicalId(functionName)}LambdaFunction`;

/**
 * Lets the API call the function on its route, whatever its placeholders stand for. One statement serves all methods of a
 * path, because every resource counts for the limit of the stack, and the API has no other methods for the function.
 */
export function invokePermissions(route: LightRoute): Record<string, Resource> {
  const path = route.path.replace(/\{\w+\}/g, '*');
  const method = methodsOf(route).length > 1 ? '*' : route.method;
  return {
    [`${logicalId(route.functionName)}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arnOf(lambdaId(route)),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub(
          `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/${method}${path}`,
        ),
      },
    },
  };
}
