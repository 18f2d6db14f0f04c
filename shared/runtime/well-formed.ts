import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * The same value with every unpaired surrogate replaced by U+FFFD. JSON can contain them, but DynamoDB's text, which is
 * UTF-8, cannot, and a write that fails every time would look like a vanished attempt.
 */
export function wellFormed<Value>(value: Value): Value;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value instanceof Set) return new Set([...value].map(wellFormed));
  // binary values have no text
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), wellFormed(field)]));
}

/**
 * Makes the texts of every call of a client well-formed. This is the only place that does so, for all tables: no job type
 * needs to think of it. JSON that is sent to other services needs nothing, because JSON.stringify escapes half a pair.
 */
export function withWellFormedTexts(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add((next) => (args) => next({ ...args, input: wellFormed(args.input) }), {
    // after lib-dynamodb has made attribute values, and before they are written as JSON
    step: 'serialize',
    priority: 'high',
    name: 'wellFormedTexts',
  });
  return client;
}
