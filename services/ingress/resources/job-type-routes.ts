import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Resource, ref } from '@spillway/shared/packaging/cloudformation.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { type LightRoute, lambdaId, methodId, methodsOf, TYPE_PATH } from './light-routes.ts';
import { API, functionMethod, pathPart, submitMethod } from './methods.ts';
import { modelOf } from './model.ts';
import type { LaneReference } from './provided-lanes.ts';
import type { SubmitVerb } from './templates.ts';

/** Where a job is submitted, by method. */
export const SUBMIT_PATHS = { POST: TYPE_PATH, PUT: `${TYPE_PATH}/{jobId}` } as const satisfies Record<
  SubmitVerb,
  string
>;

/**
 * The routes of a job type. Its path is literal, so that it has its own model, throttle and metrics. A retired job type
 * accepts no submits, but its jobs can still be read.
 */
export function routesOf(lane: LaneReference, lightRoutes: readonly LightRoute[]): Record<string, Resource> {
  const { id, jobType } = lane;
  const paths = [...Object.values(SUBMIT_PATHS), ...lightRoutes.map(({ path }) => path)];
  return {
    ...Object.assign({}, ...paths.map((path) => pathResources(lane, path))),
    ...(!jobType.retired && submits(lane)),
    ...Object.fromEntries(
      lightRoutes.flatMap((route) =>
        methodsOf(route).map((method) => [
          methodId(route, id, method),
          functionMethod(resourceIdOf(id, route.path), method, route.scope, lambdaId(route)),
        ]),
      ),
    ),
  };
}

/** The paths below a job type's, and the methods of each. */
export function methodsByPath({ retired }: JobType, lightRoutes: readonly LightRoute[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  const add = (path: string, method: string) => methods.set(path, [...(methods.get(path) ?? []), method].sort());
  for (const route of lightRoutes) for (const method of methodsOf(route)) add(route.path, method);
  if (!retired) for (const [method, path] of Object.entries(SUBMIT_PATHS)) add(path, method);
  return methods;
}

/** POST and PUT, and the model that checks their bodies. */
function submits(lane: LaneReference): Record<string, Resource> {
  const { id, jobType } = lane;
  return {
    [`${id}Model`]: {
      Type: 'AWS::ApiGateway::Model',
      Properties: { RestApiId: API, Name: `${id}Input`, ContentType: 'application/json', Schema: modelOf(jobType) },
    },
    [`${id}Post`]: submitMethod(lane, resourceIdOf(id, SUBMIT_PATHS.POST), 'POST'),
    [`${id}Put`]: submitMethod(lane, resourceIdOf(id, SUBMIT_PATHS.PUT), 'PUT'),
  };
}

/** A resource for each segment of a path. */
function pathResources(lane: LaneReference, path: string): Record<string, Resource> {
  const { id, jobType } = lane;
  if (path === TYPE_PATH) return { [resourceIdOf(id, path)]: pathPart(ref('JobsResource'), jobType.name) };
  const parent = path.slice(0, path.lastIndexOf('/'));
  return {
    ...pathResources(lane, parent),
    [resourceIdOf(id, path)]: pathPart(ref(resourceIdOf(id, parent)), path.slice(parent.length + 1)),
  };
}

/** `/jobs/{type}/{jobId}/history` → `CsvImportJobHistoryResource`. */
function resourceIdOf(typeId: string, path: string): string {
  const segments = path.slice(TYPE_PATH.length).split('/').slice(1);
  const words = segments.map((segment) => pascalCase(segment.replace(/^\{(\w+?)(Id)?\}$/, '$1')));
  return `${typeId}${words.join('')}Resource`;
}
