import { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import { BlockedKeyList } from '@spillway/shared/contracts/blocked-key.ts';
import { CancellationRequest, Counted, JobFilter } from '@spillway/shared/contracts/cancellation.ts';
import { FailureDetail, FailureList } from '@spillway/shared/contracts/failure.ts';
import { Accepted, JobError, JobList, JobView } from '@spillway/shared/contracts/job.ts';
import { Schedule, ScheduleDefinition, ScheduleList } from '@spillway/shared/contracts/schedules.ts';
import { SCOPES } from '@spillway/shared/contracts/scopes.ts';
import {
  CreatedWebhook,
  DeliveryList,
  RotatedSecret,
  Webhook,
  WebhookDefinition,
  WebhookList,
} from '@spillway/shared/contracts/webhooks.ts';
import * as z from 'zod';
import { jsonSchema } from './model.ts';
import { schemaRef } from './operation-description.ts';
import type { LaneReference } from './provided-lanes.ts';

const TARGET = 'draft-2020-12';

type Fragment = Record<string, unknown>;

const withoutVersion = ({ $schema, ...schema }: Fragment) => schema;
const schemaOf = (schema: z.core.$ZodType) => withoutVersion(z.toJSONSchema(schema, { target: TARGET, io: 'output' }));

/** A problem document. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457: https://www.rfc-editor.org/rfc/rfc9457',
  required: ['type', 'title', 'detail', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
  },
} as const;

/** A job type's input, result and status, with names that a generated client can use. */
export function schemasOf({ jobType, id }: LaneReference): Record<string, Fragment> {
  const { example } = jobType;
  const partOf = (part: 'input' | 'result', io: 'input' | 'output') =>
    withoutVersion(jsonSchema(jobType, part, { target: TARGET, io }));
  return {
    ...(!jobType.retired && { [`${id}Input`]: { ...partOf('input', 'input'), examples: [example.input] } }),
    [`${id}Result`]: { ...partOf('result', 'output'), examples: [example.result] },
    [`${id}Job`]: { allOf: [schemaRef('Job'), { type: 'object', properties: { result: schemaRef(`${id}Result`) } }] },
  };
}

/** The schemas that the routes of all job types share. */
export const commonSchemas = (): Record<string, Fragment> => ({
  Accepted: schemaOf(Accepted),
  // a job type adds its result
  Job: { ...schemaOf(JobView), additionalProperties: true },
  JobList: schemaOf(JobList),
  Batch: schemaOf(BatchAccepted),
  // the filter of a job type may also have its search keys
  Cancellation: {
    ...schemaOf(CancellationRequest),
    properties: { filter: { ...schemaOf(JobFilter), additionalProperties: true }, dryRun: { type: 'boolean' } },
  },
  Counted: schemaOf(Counted),
  JobError: schemaOf(JobError),
  FailureList: schemaOf(FailureList),
  FailureDetail: schemaOf(FailureDetail),
  BlockedKeyList: schemaOf(BlockedKeyList),
  ScheduleDefinition: withoutVersion(z.toJSONSchema(ScheduleDefinition, { target: TARGET, io: 'input' })),
  Schedule: schemaOf(Schedule),
  ScheduleList: schemaOf(ScheduleList),
  WebhookDefinition: withoutVersion(z.toJSONSchema(WebhookDefinition, { target: TARGET, io: 'input' })),
  Webhook: schemaOf(Webhook),
  CreatedWebhook: schemaOf(CreatedWebhook),
  WebhookList: schemaOf(WebhookList),
  RotatedSecret: schemaOf(RotatedSecret),
  DeliveryList: schemaOf(DeliveryList),
  Problem: PROBLEM_SCHEMA,
});

/** How callers authenticate. */
export const securitySchemes = {
  token: {
    type: 'oauth2',
    flows: {
      clientCredentials: {
        tokenUrl: '${param:tokenUrl}',
        scopes: Object.fromEntries(Object.entries(SCOPES).map(([scope, { description }]) => [scope, description])),
      },
    },
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  // OpenAPI has no type for it; this is how API Gateway exports such a method:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4 for the service execute-api, for administrators.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};
