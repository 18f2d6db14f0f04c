import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';
import { type Message, messages } from './asyncapi-messages.ts';
import { WAYS, type Way } from './asyncapi-ways.ts';

/** The part of a JSON schema that the page shows. */
interface Schema {
  type?: string;
  format?: string;
  description?: string;
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

/**
 * The reference page of all events and messages, made from the contracts as /asyncapi.json is. `npm run reference` writes it to
 * docs/reference/events.md.
 */
export function eventsPage(): string {
  const all = messages();
  const events = EVENT_TYPES.map((type) => all[type] as Message);
  const dataOf = ({ payload }: Message) => (payload as Schema).properties?.data ?? {};
  const [first = {}] = events.map(dataOf);
  const common = (first.required ?? []).filter((field) =>
    events.every((event) => dataOf(event).required?.includes(field)),
  );
  const ways = Object.values(WAYS);
  const others = [...new Set(ways.flatMap(({ sends, takes = [] }) => [...sends, ...takes]))]
    .filter((name) => !(EVENT_TYPES as string[]).includes(name))
    .map((name) => all[name] as Message);
  return [
    '<!-- Made from the contracts by "npm run reference". -->',
    '# Events: reference',
    'The events that [events.md](../events.md) explains, field by field. `GET /asyncapi.json` of the front door has the same for programs.',
    '## Events',
    'The data of every event has the fields below that are marked "always"; some events always have further ones.',
    table(
      ['event', 'when', 'also always has'],
      events.map((event) => [
        code(event.name),
        event.summary,
        (dataOf(event).required ?? [])
          .filter((field) => !common.includes(field))
          .map(code)
          .join(', '),
      ]),
    ),
    '## Data',
    fieldsOf({ ...first, required: common }),
    '## Ways',
    ...ways.flatMap(wayOf),
    '## Other messages',
    ...others.flatMap(({ name, summary, payload }) => [`### ${code(name)}`, summary, fieldsOf(payload as Schema)]),
  ]
    .join('\n\n')
    .concat('\n');
}

const code = (text: string) => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const fieldsOf = ({ properties = {}, required = [] }: Schema) =>
  table(
    ['field', 'type', ''],
    Object.entries(properties).map(([name, schema]) => [
      code(name),
      typeOf(schema),
      [required.includes(name) ? 'always' : '', schema.description ?? ''].filter(Boolean).join('; '),
    ]),
  );

function typeOf({ type, format, const: only, anyOf, properties }: Schema): string {
  if (only !== undefined) return code(JSON.stringify(only));
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (properties) return `object of ${Object.keys(properties).map(code).join(', ')}`;
  return format ?? type ?? 'anything';
}

/** Serverless variables as placeholders that a reader knows. */
const plain = (text: string) => text.replace(/\$\{(?:sls|aws):(\w+)\}/g, '<$1>');

const wayOf = ({ title, description, address, server, sends, takes = [] }: Way) => [
  `### ${title}`,
  plain(description),
  `${server.description}, ${code(plain(`${server.host}${server.pathname ?? ''}`))}; address ${code(plain(address))}.${messagesOf(sends, takes)}`,
];

function messagesOf(sends: readonly string[], takes: readonly string[]): string {
  const others = sends.filter((name) => !(EVENT_TYPES as string[]).includes(name));
  const sentences = [
    others.length > 0 && `Besides events, it sends ${others.map(code).join(', ')}.`,
    takes.length > 0 && `It takes ${takes.map(code).join(', ')}.`,
  ].filter((sentence) => sentence !== false);
  return sentences.map((sentence) => ` ${sentence}`).join('');
}
