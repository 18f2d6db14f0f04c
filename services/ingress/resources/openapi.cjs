const z = require('zod');
const { laneOf } = require('@spillway/shared/contracts/lane.ts');
const { pascalCase } = require('@spillway/shared/packaging/job-types.ts');
const { Accepted, JOB_ID, JobError, JobList, JobView, JOB_STATUSES } = require('@spillway/shared/contracts/job.ts');
const { jsonSchema } = require('./model.cjs');

const TARGET = 'draft-2020-12';
const nameless = ({ $schema, ...rest }) => rest;
const schemaOf = (schema, io) => nameless(z.toJSONSchema(schema, { target: TARGET, io }));
const json = (schema, example) => ({ 'application/json': { schema, ...(example !== undefined && { example }) } });
const refTo = (name) => ({ $ref: `#/components/schemas/${name}` });
const problem = (description) => ({
  description,
  content: { 'application/problem+json': { schema: refTo('Problem') } },
});
const retryable = (description) => ({
  ...problem(description),
  headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
});

const REFUSALS = {
  401: problem('No valid access token.'),
  403: problem('The scope is missing, or the API key.'),
  404: problem('No such path, or no such job of this tenant.'),
  429: retryable('Too many requests.'),
  500: problem('Something went wrong.'),
  503: retryable('Try again.'),
};

/** A token with the scope, and an API key: both at once. */
const needs = (scope) => [{ token: [scope], apiKey: [] }];

/**
 * The API's description (OpenAPI 3.1), made from the contracts.
 *
 * @param address the stage that serves it, and where its callers get their tokens
 */
function openApi(jobTypes, { stage, tokenUrl }) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: '1.0.0',
      description:
        'Takes jobs at any rate and loses none. Submit a job, keep the Location, and poll it until the job has an outcome.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `/${stage}`, description: 'The stage that serves this document.' }],
    tags: jobTypes.map(({ name, summary }) => ({ name, description: summary })),
    paths: Object.assign({}, ...jobTypes.map(pathsOf)),
    components: {
      schemas: Object.assign(schemas(), ...jobTypes.map(schemasOf)),
      securitySchemes: securitySchemes(tokenUrl),
    },
  };
}

function pathsOf(jobType) {
  const { name, summary } = jobType;
  const id = pascalCase(name);
  const submits = { tags: [name], security: needs('jobs/submit'), ...submit(jobType) };
  const reads = { tags: [name], security: needs('jobs/read') };
  return {
    [`/jobs/${name}`]: {
      post: { ...submits, operationId: `submit${id}`, summary },
      get: {
        ...reads,
        operationId: `list${id}`,
        summary: `Lists this tenant's ${name} jobs, newest first.`,
        parameters: listParameters,
        responses: {
          200: { description: 'A page of jobs.', content: json(refTo('JobList')) },
          400: problem('A bad parameter.'),
          ...REFUSALS,
        },
      },
    },
    [`/jobs/${name}/{jobId}`]: {
      parameters: [jobIdParameter],
      put: {
        ...submits,
        operationId: `put${id}`,
        summary: `${summary} The same id again is the same job: another body under it is not run.`,
      },
      get: {
        ...reads,
        operationId: `get${id}`,
        summary: `Shows a ${name} job.`,
        parameters: [acceptedAtParameter],
        responses: {
          200: { description: 'The job.', content: json(refTo(`${id}Job`)) },
          400: problem('A bad parameter.'),
          ...REFUSALS,
        },
      },
    },
  };
}

/** A submit's body and answers. */
const submit = (jobType) => ({
  requestBody: { required: true, content: json(refTo(`${pascalCase(jobType.name)}Input`), jobType.example.input) },
  responses: {
    202: {
      description: 'Accepted: the job cannot be lost from here on.',
      headers: {
        Location: { description: 'Where to poll the job.', schema: { type: 'string', format: 'uri-reference' } },
      },
      content: json(refTo('Accepted')),
    },
    400: problem('The body is no JSON, or does not fit the job type.'),
    413: problem(`Longer than ${laneOf(jobType).maximumMessageBytes} bytes.`),
    415: problem('Not application/json.'),
    ...REFUSALS,
  },
});

/** What a job type takes and gives, under names that a generated client can use. */
function schemasOf(jobType) {
  const { name, example } = jobType;
  const id = pascalCase(name);
  const schemaOfIts = (part, io) => nameless(jsonSchema(jobType, part, { target: TARGET, io }));
  return {
    [`${id}Input`]: { ...schemaOfIts('input', 'input'), examples: [example.input] },
    [`${id}Result`]: { ...schemaOfIts('result', 'output'), examples: [example.result] },
    [`${id}Job`]: { allOf: [refTo('Job'), { type: 'object', properties: { result: refTo(`${id}Result`) } }] },
  };
}

const jobIdParameter = {
  name: 'jobId',
  in: 'path',
  required: true,
  description: 'A submit accepts any id; one that does not fit this pattern settles FAILED.',
  schema: { type: 'string', pattern: JOB_ID.source },
};
const acceptedAtParameter = {
  name: 'acceptedAt',
  in: 'query',
  description:
    'From the Location of the submit: with it, a job that no consumer has seen yet is QUEUED and not unknown.',
  schema: { type: 'integer', format: 'int64' },
};
const listParameters = [
  { name: 'status', in: 'query', schema: { type: 'string', enum: [...JOB_STATUSES] } },
  { name: 'cursor', in: 'query', description: 'From the page before.', schema: { type: 'string' } },
  { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 } },
];

const schemas = () => ({
  Accepted: schemaOf(Accepted, 'output'),
  // a job type adds its result
  Job: { ...schemaOf(JobView, 'output'), additionalProperties: true },
  JobList: schemaOf(JobList, 'output'),
  JobError: schemaOf(JobError, 'output'),
  Problem: {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'detail', 'instance'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      instance: { type: 'string' },
    },
  },
});

const securitySchemes = (tokenUrl) => ({
  token: {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl,
        scopes: { 'jobs/submit': 'Submit jobs.', 'jobs/read': "Read one's own jobs." },
      },
    },
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
});

module.exports = { openApi };
