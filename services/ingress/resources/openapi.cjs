const z = require('zod');
const { laneOf } = require('@spillway/shared/contracts/lane.ts');
const { Accepted, JOB_ID, JobError, JobList, JobView, JOB_STATUSES } = require('@spillway/shared/contracts/job.ts');

const schemaOf = (schema, io) => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
};
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

/** The API's description (OpenAPI 3.1), made from the contracts. */
function openApi(jobTypes) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: '1.0.0',
      description:
        'Takes jobs at any rate and loses none. Submit a job, keep the Location, and poll it until the job has an outcome.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The stage that serves this document.' }],
    security: [{ token: ['jobs/submit', 'jobs/read'], apiKey: [] }],
    tags: jobTypes.map(({ name, summary }) => ({ name, description: summary })),
    paths: Object.assign({}, ...jobTypes.map(pathsOf)),
    components: { schemas: schemas(), securitySchemes: securitySchemes() },
  };
}

function pathsOf(jobType) {
  const { name, summary } = jobType;
  const common = { tags: [name] };
  return {
    [`/jobs/${name}`]: {
      post: { ...common, ...submit(jobType), operationId: `submit-${name}`, summary },
      get: {
        ...common,
        operationId: `list-${name}`,
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
        ...common,
        ...submit(jobType),
        operationId: `put-${name}`,
        summary: `${summary} The same id again is the same job.`,
      },
      get: {
        ...common,
        operationId: `get-${name}`,
        summary: `Shows a ${name} job.`,
        parameters: [acceptedAtParameter],
        responses: {
          200: { description: 'The job.', content: json(jobView(jobType)) },
          400: problem('A bad parameter.'),
          ...REFUSALS,
        },
      },
    },
  };
}

/** A submit's body and answers. */
const submit = (jobType) => ({
  requestBody: { required: true, content: json(schemaOf(jobType.input, 'input'), jobType.example.input) },
  responses: {
    202: {
      description: 'Accepted: the job cannot be lost from here on.',
      headers: { Location: { description: 'Where to poll the job.', schema: { type: 'string' } } },
      content: json(refTo('Accepted')),
    },
    400: problem('The body is no JSON, or does not fit the job type.'),
    413: problem(`Longer than ${laneOf(jobType).maximumMessageBytes} bytes.`),
    415: problem('Not application/json.'),
    ...REFUSALS,
  },
});

const jobView = ({ result, example }) => ({
  allOf: [
    refTo('Job'),
    { type: 'object', properties: { result: { ...schemaOf(result, 'output'), examples: [example.result] } } },
  ],
});

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
  schema: { type: 'integer' },
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
    required: ['title', 'detail'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      instance: { type: 'string' },
    },
  },
});

const securitySchemes = () => ({
  token: {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl: '/oauth2/token',
        scopes: { 'jobs/submit': 'Submit jobs.', 'jobs/read': "Read one's own jobs." },
      },
    },
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
});

module.exports = { openApi };
