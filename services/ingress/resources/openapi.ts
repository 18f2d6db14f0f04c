import { laneOf } from '@spillway/shared/contracts/lane.ts';
import type { Scope } from '@spillway/shared/contracts/scopes.ts';
import { ATTRIBUTES, CLIENT_ATTRIBUTES, type ClientAttribute } from '@spillway/shared/contracts/submit-attributes.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { pathFor, SUBMIT_PATHS } from './job-type-routes.ts';
import { type LightRoute, operationId, routesOfType, singleRoutes } from './light-routes.ts';
import { commonSchemas, schemasOf, securitySchemes } from './openapi-components.ts';
import { refusals, submitRefusals } from './openapi-problems.ts';
import { type DescribedAnswer, type Parameter, schemaRef } from './operation-description.ts';
import type { LaneReference } from './provided-lanes.ts';
import { shareParameters } from './shared-parameters.ts';
import { shareResponses } from './shared-responses.ts';
import { verbatim } from './templates.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_TEMPLATE_BYTES = 300 * 1024;

type Fragment = Record<string, unknown>;

const json = (schema: object, example?: unknown) => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
});

/**
 * The template that answers with the API's description.
 *
 * @throws PackagingError if it is longer than a template may be
 */
export function openApiTemplate(lanes: LaneReference[], lightRoutes: LightRoute[]): string {
  const template = verbatim(JSON.stringify(shareParameters(shareResponses(openApi(lanes, lightRoutes)))));
  if (Buffer.byteLength(template) > LONGEST_TEMPLATE_BYTES) {
    throw new PackagingError(
      `openapi.json is longer than a mapping template may be (${LONGEST_TEMPLATE_BYTES} bytes): shorten the examples`,
    );
  }
  return template;
}

/** The API's description (OpenAPI 3.1), made from the contracts and the light functions' operations. */
export const openApi = (lanes: LaneReference[], lightRoutes: LightRoute[]) => ({
  openapi: '3.1.0',
  info: {
    title: 'Spillway',
    version: '1.0.0',
    description:
      'Takes jobs at any rate and loses none. Submit a job, keep the Location, and poll it until the job has an outcome. HEAD is answered wherever GET is.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/${sls:stage}', description: 'The stage that serves this document.' }],
  tags: lanes.map(({ jobType: { name, summary } }) => ({ name, description: summary })),
  paths: Object.assign({}, ...lanes.map((lane) => pathsOf(lane, lightRoutes)), singlePaths(lightRoutes)),
  components: {
    schemas: Object.assign(commonSchemas(), ...lanes.map(schemasOf)),
    securitySchemes,
  },
});

/** One operation of a path, such as `get`. */
interface Entry {
  path: string;
  method: string;
  operation: Fragment;
}

const pathsOf = (lane: LaneReference, lightRoutes: LightRoute[]): Record<string, Fragment> =>
  byPath(
    [
      ...(lane.jobType.retired ? [] : submits(lane)),
      ...routesOfType(lane.jobType, lightRoutes).map((route) => entryOf(route, lane)),
    ].map((entry) => ({ ...entry, path: pathFor(entry.path, lane.jobType) })),
    () => lane.jobType.name,
  );

/** The paths that belong to no job type. Each has its first segment as its tag. */
const singlePaths = (lightRoutes: LightRoute[]): Record<string, Fragment> =>
  byPath(
    singleRoutes(lightRoutes).map((route) => entryOf(route)),
    (path) => path.split('/')[1],
  );

function byPath(entries: Entry[], tagOf: (path: string) => string | undefined): Record<string, Fragment> {
  const paths: Record<string, Fragment> = {};
  for (const { path, method, operation } of entries) {
    const parameters = path.includes(`{${jobIdParameter.name}}`) && { parameters: [jobIdParameter] };
    paths[path] ??= { ...parameters };
    Object.assign(paths[path], { [method.toLowerCase()]: { tags: [tagOf(path)], ...operation } });
  }
  return paths;
}

function submits({ jobType, id }: LaneReference): Entry[] {
  const { summary, description, example } = jobType;
  const common = {
    ...(description && { description }),
    security: needs('jobs/submit'),
    parameters: submitParameters,
    requestBody: { required: true, content: json(schemaRef(`${id}Input`), example.input) },
    responses: { 202: accepted, ...submitRefusals(laneOf(jobType).maximumMessageBytes) },
  };
  return [
    {
      path: SUBMIT_PATHS.POST,
      method: 'POST',
      operation: {
        operationId: `submit${id}`,
        summary,
        ...common,
        parameters: [...submitParameters, idempotencyKeyParameter],
      },
    },
    {
      path: SUBMIT_PATHS.PUT,
      method: 'PUT',
      operation: {
        operationId: `put${id}`,
        summary: `${summary} Submitting the same id again returns the same job. Another body under that id changes nothing, whatever the answer: the first one defines the job, which then shows that there was a conflict.`,
        ...common,
      },
    },
  ];
}

/** A light function's route, for a job type or for none. */
function entryOf(route: LightRoute, lane?: LaneReference): Entry {
  const { name = '', example, searchKeys = [] } = lane?.jobType ?? {};
  const id = lane?.id ?? '';
  const { summary, parameters, body, answers, problems } = route.operation({
    name,
    id,
    exampleInput: example?.input,
    searchKeys,
  });
  return {
    path: route.path,
    method: route.method,
    operation: {
      operationId: operationId(route, id),
      summary,
      security: needs(route.scope),
      ...(parameters && { parameters }),
      ...(body && { requestBody: { required: true, content: json(body.schema, body.example) } }),
      responses: {
        ...Object.fromEntries(Object.entries(answers).map(responseOf)),
        ...refusals(problems, !route.scope),
      },
    },
  };
}

const responseOf = ([status, { description, schema }]: [string, DescribedAnswer]) => [
  status,
  { description, ...(schema && { content: json(schema) }) },
];

/** A token with the scope and an API key, both at once, or without a scope a signature of IAM. */
const needs = (scope: Scope | undefined) => [scope ? { token: [scope], apiKey: [] } : { signature: [] }];

const accepted = {
  description: 'Accepted: from now on the job cannot be lost.',
  headers: { Location: { description: 'Where to poll the job.', schema: { type: 'string', format: 'uri-reference' } } },
  content: json(schemaRef('Accepted')),
};

/** Another value than the pattern allows is either refused or ignored; the description of the one that is ignored says so. */
const parameterOf = ({ from, name, description, pattern, refusal }: ClientAttribute): Parameter => ({
  name,
  in: from,
  ...(from === 'path' && { required: true }),
  description,
  schema: { type: 'string', ...(refusal && { pattern: pattern.source }) },
});

const jobIdParameter = parameterOf(ATTRIBUTES.jobId);
/** The job id of a POST, in a header. */
const idempotencyKeyParameter: Parameter = {
  ...jobIdParameter,
  name: ATTRIBUTES.jobId.header,
  in: 'header',
  required: false,
  description: `${ATTRIBUTES.jobId.description} Without this header, the job gets an id of its own.`,
};
/** What a client may send with a submit besides the path. */
const submitParameters = Object.values(CLIENT_ATTRIBUTES)
  .filter(({ from }) => from !== 'path')
  .map(parameterOf);
