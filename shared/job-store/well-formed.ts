/**
 * The same value with every half of a surrogate pair replaced (U+FFFD): JSON can carry one, DynamoDB's text is UTF-8 and
 * cannot, and a write that always fails would look like an attempt that vanished.
 */
export function wellFormed<Value>(value: Value): Value;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), wellFormed(field)]));
}
