import { EVENT_TYPES, EVENTS, type EventType } from '@spillway/shared/contracts/events/event-types.ts';
import { EVENT_SOURCE, eventSchema } from '@spillway/shared/contracts/events/job-event.ts';
import type { Resource, Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import * as z from 'zod';

/** Named as the bus. */
const REGISTRY = '${self:custom.bus}';

/**
 * An event as it comes from the bus, as an OpenAPI document: the form from which the registry makes classes for several
 * languages. It finds the event by the two extensions of `AWSEvent`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema-create.html).
 */
export function schemaDocument(type: EventType) {
  const reference = { $ref: `#/components/schemas/${pascalCase(type)}` };
  const text = { type: 'string' };
  const envelope = {
    'detail-type': text,
    resources: { type: 'array', items: text },
    id: text,
    source: text,
    time: { ...text, format: 'date-time' },
    detail: reference,
    region: text,
    version: text,
    account: text,
  };
  return {
    openapi: '3.0.0',
    info: { version: '1.0.0', title: pascalCase(type), description: EVENTS[type].summary },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: Object.keys(envelope),
          'x-amazon-events-detail-type': type,
          'x-amazon-events-source': EVENT_SOURCE,
          properties: envelope,
        },
        [pascalCase(type)]: z.toJSONSchema(eventSchema(type), { target: 'openapi-3.0', io: 'output' }),
      },
    },
  };
}

const schema = (type: EventType): Resource => ({
  Type: 'AWS::EventSchemas::Schema',
  DependsOn: 'EventRegistry',
  Properties: {
    RegistryName: REGISTRY,
    // the name that EventBridge itself gives to a schema
    SchemaName: `${EVENT_SOURCE}@${type}`,
    Type: 'OpenApi3',
    Description: EVENTS[type].summary,
    Content: JSON.stringify(schemaDocument(type)),
  },
});

/** The contracts of all events in the registry of schemas, from which other teams generate their types. It costs nothing. */
export const schemas: Stack = {
  Resources: {
    EventRegistry: {
      Type: 'AWS::EventSchemas::Registry',
      Properties: { RegistryName: REGISTRY, Description: 'The events of jobs' },
    },
    ...Object.fromEntries(EVENT_TYPES.map((type) => [`${pascalCase(type)}Schema`, schema(type)])),
  },
  Outputs: { EventRegistryName: { Value: REGISTRY } },
};
