import { render as velocity } from 'velocityjs';

/** What API Gateway gives to a mapping template. */
export interface GatewayRequest {
  body?: string;
  /** By name, from the path, the query or a header. A parameter that was not sent is an empty text. */
  params?: Record<string, string>;
  /** By name, as the caller wrote it. */
  headers?: Record<string, string>;
  context?: Record<string, unknown>;
}

export interface Rendered {
  text: string;
  /** `$context.responseOverride`: what the template set. */
  status: number | undefined;
  headers: Record<string, string>;
}

/** Java's form encoding: a space becomes a plus sign, and `!'()~` are encoded too. */
const urlEncode = (text: unknown) =>
  encodeURIComponent(String(text))
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Escapes like commons-lang: also the apostrophe, the slash and everything that is not ASCII. */
const escapeJavaScript = (text: unknown) =>
  JSON.stringify(String(text))
    .slice(1, -1)
    .replace(/[/']/g, '\\$&')
    .replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`);

/** `$.a.b` of a JSON text, or undefined. */
function path(body: string, expression: string): unknown {
  const names = expression.split('.').slice(1);
  return names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    JSON.parse(body),
  );
}

/** Methods of Java's strings that work differently in JavaScript. */
const javaMethods = [
  { uid: 'matches', match: is('matches'), resolve: java((text, pattern) => new RegExp(`^(?:${pattern})$`).test(text)) },
  {
    uid: 'replaceAll',
    match: is('replaceAll'),
    resolve: java((text, pattern, by) => text.replace(new RegExp(pattern, 'g'), by)),
  },
  { uid: 'contains', match: is('contains'), resolve: java((text, part) => text.includes(part)) },
  // Java replaces every occurrence, JavaScript only the first
  { uid: 'replace', match: is('replace'), resolve: java((text, part, by) => text.replaceAll(part, by)) },
];

function is(method: string) {
  return ({ property, context }: { property: string; context: unknown }) =>
    property === method && typeof context === 'string';
}

function java(method: (text: string, first: string, second: string) => unknown) {
  return ({ context, params: [first = '', second = ''] }: { context: string; params: string[] }) =>
    method(context, first, second);
}

/** Renders a mapping template as API Gateway does: Apache Velocity with `$input`, `$util` and `$context`. */
export function render(
  template: string,
  { body = '', params = {}, headers = {}, context = {} }: GatewayRequest,
): Rendered {
  const responseOverride: { status?: number; header: Record<string, string> } = { header: {} };
  const values = {
    input: {
      body,
      params: (name?: string) => (name === undefined ? { header: headers } : (params[name] ?? '')),
      path: (expression: string) => path(body, expression),
    },
    util: { urlEncode, escapeJavaScript },
    context: { ...context, responseOverride },
  };
  const text = velocity(template, values, {}, { escape: false, customMethodHandlers: javaMethods });
  return { text, status: responseOverride.status, headers: responseOverride.header };
}

/** A request of a tenant, as the templates see it. */
export const CONTEXT = {
  authorizer: { claims: { sub: 'tenant-1' } },
  requestId: '8a6d0f3e-4b52-4a0e-9c3c-5d1f2a7b6e90',
  extendedRequestId: 'JkJbxF3voAMFtGw=',
  requestTimeEpoch: 1_790_000_000_000,
  path: '/dev/jobs/sample',
};

/** The SQS call that a submit's request template makes, as SQS reads it. */
export function callOf(template: string, request: Pick<GatewayRequest, 'body' | 'params' | 'headers'>) {
  const form = new URLSearchParams(render(template, { context: CONTEXT, ...request }).text);
  const attributes: Record<string, string> = {};
  for (let n = 1; form.has(`MessageAttribute.${n}.Name`); n += 1) {
    attributes[form.get(`MessageAttribute.${n}.Name`) ?? ''] =
      form.get(`MessageAttribute.${n}.Value.StringValue`) ?? '';
  }
  return { form, attributes };
}
