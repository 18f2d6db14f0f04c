const z = require('zod');

/** What API Gateway refuses in a model. */
const REFUSED = new Set(['$id', 'id', 'examples', 'example', 'default', 'readOnly', 'writeOnly', 'deprecated']);
/** Below these, keys are a client's field names and not the schema's words. */
const NAMES = new Set(['properties', 'definitions', 'patternProperties']);

/** A contract's input as an API Gateway model: JSON Schema draft 4, without what API Gateway refuses. */
const modelOf = (jobType) => cleaned(z.toJSONSchema(jobType.input, { target: 'draft-4', io: 'input' }), false);

function cleaned(node, isNames) {
  if (Array.isArray(node)) return node.map((item) => cleaned(item, false));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => isNames || !REFUSED.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, cleaned(value, !isNames && NAMES.has(key))]));
}

module.exports = { modelOf };
