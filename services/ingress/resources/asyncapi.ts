import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { messages } from './asyncapi-messages.ts';
import { WAYS, type Way } from './asyncapi-ways.ts';
import { verbatim } from './templates.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_TEMPLATE_BYTES = 300 * 1024;

/** Makes an entry of the document for each way. */
const each = <Entry>(entryOf: (name: string, way: Way) => Entry) =>
  Object.fromEntries(Object.entries(WAYS).map(([name, way]) => [name, entryOf(name, way)]));

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
  servers: each((_, { server }) => server),
  channels: each((name, { title, description, address, parameters, bindings, sends, takes = [] }) => ({
    address,
    title,
    description,
    servers: [{ $ref: `#/servers/${name}` }],
    messages: Object.fromEntries(
      [...sends, ...takes].map((message) => [message, { $ref: `#/components/messages/${message}` }]),
    ),
    ...(parameters && { parameters }),
    ...(bindings && { bindings }),
  })),
  operations: Object.fromEntries(Object.entries(WAYS).flatMap(operationsOf)),
  components: { messages: messages() },
});

function operationsOf([name, { sends, takes }]: [string, Way]) {
  const operation = (action: 'send' | 'receive', summary: string, names: readonly string[]) => ({
    action,
    channel: { $ref: `#/channels/${name}` },
    summary,
    messages: names.map((message) => ({ $ref: `#/channels/${name}/messages/${message}` })),
  });
  return [
    [`${name}Events`, operation('send', `What the platform sends to the ${name}`, sends)],
    ...(takes ? [[`${name}Messages`, operation('receive', `What the platform takes from the ${name}`, takes)]] : []),
  ];
}

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
