import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Resource } from '@spillway/shared/packaging/cloudformation.ts';
import {
  type LightRoute,
  lambdaId,
  methodId,
  methodsOf,
  routesOfType,
  singleRoutes,
  TYPE_PATH,
} from './light-routes.ts';
import { API, functionMethod, submitMethod } from './methods.ts';
import { modelOf } from './model.ts';
import { resourceIdOf } from './paths.ts';
import type { LaneReference } from './provided-lanes.ts';
import type { SubmitVerb } from './templates.ts';

/** Where a job is submitted, by method. */
export const SUBMIT_PATHS = { POST: TYPE_PATH, PUT: `${TYPE_PATH}/{jobId}` } as const satisfies Record<
  SubmitVerb,
  string
>;

/**
 * The methods of a job type. Its path is literal, so that it has its own model, throttle and metrics. A retired job type
 * accepts no submits, but its jobs can still be read.
 */
export const routesOf = (lane: LaneReference, lightRoutes: readonly LightRoute[]): Record<string, Resource> => ({
  ...(!lane.jobType.retired && submits(lane)),
  ...functionMethods(routesOfType(lane.jobType, lightRoutes), lane),
});

/** The methods that belong to no job type. */
export const routesOfNoType = (lightRoutes: readonly LightRoute[]): Record<string, Resource> =>
  functionMethods(singleRoutes(lightRoutes));

const functionMethods = (routes: readonly LightRoute[], lane?: LaneReference): Record<string, Resource> =>
  Object.fromEntries(
    routes.flatMap((route) =>
      methodsOf(route).map((method) => [
        methodId(route, lane?.id ?? '', method),
        functionMethod(resourceIdOf(pathFor(route.path, lane?.jobType)), method, route.scope, lambdaId(route)),
      ]),
    ),
  );

/** The path for one job type. */
export const pathFor = (path: string, jobType?: Pick<JobType, 'name'>): string =>
  jobType ? path.replace('{type}', jobType.name) : path;

/** The paths of a job type, with the placeholder `{type}`, and the methods of each. */
export function methodsByPath(jobType: JobType, lightRoutes: readonly LightRoute[]): Map<string, string[]> {
  const methods = byPath(routesOfType(jobType, lightRoutes));
  if (!jobType.retired) for (const [method, path] of Object.entries(SUBMIT_PATHS)) add(methods, path, method);
  return methods;
}

/** The methods of each path that belongs to no job type. */
export const singleMethodsByPath = (lightRoutes: readonly LightRoute[]): Map<string, string[]> =>
  byPath(singleRoutes(lightRoutes));

function byPath(routes: readonly LightRoute[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const route of routes) for (const method of methodsOf(route)) add(methods, route.path, method);
  return methods;
}

const add = (methods: Map<string, string[]>, path: string, method: string) =>
  methods.set(path, [...(methods.get(path) ?? []), method].sort());

/** POST and PUT, and the model that checks their bodies. */
function submits(lane: LaneReference): Record<string, Resource> {
  const { id, jobType } = lane;
  const method = (verb: SubmitVerb) => submitMethod(lane, resourceIdOf(pathFor(SUBMIT_PATHS[verb], jobType)), verb);
  return {
    [`${id}Model`]: {
      Type: 'AWS::ApiGateway::Model',
      Properties: { RestApiId: API, Name: `${id}Input`, ContentType: 'application/json', Schema: modelOf(jobType) },
    },
    [`${id}Post`]: method('POST'),
    [`${id}Put`]: method('PUT'),
  };
}
