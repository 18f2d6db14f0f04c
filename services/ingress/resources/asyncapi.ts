import { EVENT_TYPES, EVENTS, type EventType } from '@spillway/shared/contracts/events/event-types.ts';
import { eventSchema } from '@spillway/shared/contracts/events/job-event.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import * as z from 'zod';
import { verbatim } from './templates.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_TEMPLATE_BYTES = 300 * 1024;

type Fragment = Record<string, unknown>;

/** The schema of an event. A format says enough: the pattern behind it is longer than the rest of the event. */
function payloadOf(type: EventType): Fragment {
  const { $schema: _, ...schema } = z.toJSONSchema(eventSchema(type), {
    target: 'draft-7',
    io: 'output',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return schema;
}

/** A way on which events leave the platform. Each has all events as messages. */
interface Way {
  title: string;
  description: string;
  address: string;
  /** https://www.asyncapi.com/docs/reference/specification/v3.0.0#serverObject */
  server: { host: string; protocol: string; description: string };
}

const WAYS: Record<string, Way> = {
  bus: {
    title: 'The event bus',
    description:
      'An event is the detail of an EventBridge event; its type is the detail-type. The bus keeps no order: of two events of a job, the one with the higher revision is the later one. Outcomes and conflicts are published, and the other events of job types whose contract says so.',
    address: 'spillway-${sls:stage}',
    server: { host: 'events.${aws:region}.amazonaws.com', protocol: 'eventbridge', description: 'Amazon EventBridge' },
  },
  topic: {
    title: 'The topic',
    description:
      'The same events as on the bus, in no order. Filter policies may use the message attributes type, outcome (only of outcomes), tenant and jobType.',
    address: 'spillway-${sls:stage}-events',
    server: { host: 'sns.${aws:region}.amazonaws.com', protocol: 'sns', description: 'Amazon SNS' },
  },
};

const references = (of: string) => EVENT_TYPES.map((type) => [type, { $ref: `#/${of}/${type}` }] as const);

/** The description of all events and of the ways to get them (AsyncAPI 3.0), made from the contracts. */
export const asyncApi = () => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Spillway events',
    version: '1.0.0',
    description:
      'What happens to jobs. Each event has the attributes of CloudEvents 1.0. It is delivered at least once, always with the same id, so remember the ids that you have acted on.',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/json',
  servers: Object.fromEntries(Object.entries(WAYS).map(([name, { server }]) => [name, server])),
  channels: Object.fromEntries(
    Object.entries(WAYS).map(([name, { title, description, address }]) => [
      name,
      {
        address,
        title,
        description,
        servers: [{ $ref: `#/servers/${name}` }],
        messages: Object.fromEntries(references('components/messages')),
      },
    ]),
  ),
  operations: Object.fromEntries(
    Object.keys(WAYS).map((name) => [
      `${name}Events`,
      {
        action: 'send',
        channel: { $ref: `#/channels/${name}` },
        summary: `Events that the platform sends to the ${name}`,
        messages: references(`channels/${name}/messages`).map(([, reference]) => reference),
      },
    ]),
  ),
  components: {
    messages: Object.fromEntries(
      EVENT_TYPES.map((type) => [type, { name: type, summary: EVENTS[type].summary, payload: payloadOf(type) }]),
    ),
  },
});

/**
 * The template that answers with the description of all events.
 *
 * @throws PackagingError if it is longer than a template may be
 */
export function asyncApiTemplate(): string {
  const template = verbatim(JSON.stringify(asyncApi()));
  if (Buffer.byteLength(template) > LONGEST_TEMPLATE_BYTES) {
    throw new PackagingError(
      `asyncapi.json is longer than a mapping template may be (${LONGEST_TEMPLATE_BYTES} bytes)`,
    );
  }
  return template;
}
