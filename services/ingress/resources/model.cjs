const z = require('zod');

/** What API Gateway refuses in a model. */
const REFUSED = new Set(['$id', 'id', 'examples', 'example', 'default', 'readOnly', 'writeOnly', 'deprecated']);
/** Below these, keys are a client's field names and not the schema's words. */
const NAMES = new Set(['properties', 'definitions', 'patternProperties']);

/**
 * A contract's input as an API Gateway model: JSON Schema draft 4, without what API Gateway refuses. Of what does not fit
 * a pattern, the gateway's 400 shows the pattern and not the field, so each pattern names its field, no times.
 */
const modelOf = (jobType) => cleaned(z.toJSONSchema(jobType.input, { target: 'draft-4', io: 'input' }), false);

function cleaned(node, isNames) {
  if (Array.isArray(node)) return node.map((item) => cleaned(item, false));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => isNames || !REFUSED.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, cleaned(isNames ? named(key, value) : value, !isNames && NAMES.has(key))]),
  );
}

const named = (field, schema) => (schema.pattern ? { ...schema, pattern: `(${field}){0}${schema.pattern}` } : schema);

module.exports = { modelOf };
