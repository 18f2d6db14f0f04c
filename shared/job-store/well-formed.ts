/**
 * The same value with every unpaired surrogate replaced by U+FFFD. JSON can contain them, but DynamoDB's text, which is
 * UTF-8, cannot, and a write that fails every time would look like a vanished attempt.
 */
export function wellFormed<Value>(value: Value): Value;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), wellFormed(field)]));
}
