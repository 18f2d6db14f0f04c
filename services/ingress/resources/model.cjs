const { PackagingError } = require('@spillway/shared/packaging/errors.ts');
const z = require('zod');

/** What API Gateway refuses in a model. */
const REFUSED = new Set(['$id', 'id', 'examples', 'example', 'default', 'readOnly', 'writeOnly', 'deprecated']);
/** Below these, keys are a client's field names and not the schema's words. */
const NAMES = new Set(['properties', 'definitions', 'patternProperties']);

/**
 * A contract's input as an API Gateway model: JSON Schema draft 4, without what API Gateway refuses. Of what does not fit
 * a pattern, the gateway's 400 shows the pattern and not the field, so each pattern names its field, no times.
 *
 * @throws PackagingError if the input is not what JSON can say, or an order key has no pattern: SQS would refuse the message
 */
function modelOf(jobType) {
  const model = cleaned(jsonSchema(jobType, 'input', { target: 'draft-4', io: 'input' }), false);
  const { name, lane } = jobType;
  if (lane.kind === 'ordered' && !model.properties?.[lane.orderKey]?.pattern) {
    throw new PackagingError(
      `job type "${name}": orderKey "${lane.orderKey}" needs z.regex(ORDER_KEY): the front door cannot check a refinement`,
    );
  }
  return model;
}

/**
 * A contract's input or result as JSON Schema.
 *
 * @throws PackagingError naming the job type if JSON cannot hold it, such as a date
 */
function jsonSchema(jobType, part, options) {
  try {
    return z.toJSONSchema(jobType[part], options);
  } catch (error) {
    throw new PackagingError(`job type "${jobType.name}": ${part} must be what JSON can say: ${error.message}`);
  }
}

function cleaned(node, isNames) {
  if (Array.isArray(node)) return node.map((item) => cleaned(item, false));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => isNames || !REFUSED.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, cleaned(isNames ? named(key, value) : value, !isNames && NAMES.has(key))]),
  );
}

const named = (field, schema) => (schema.pattern ? { ...schema, pattern: `(${field}){0}${schema.pattern}` } : schema);

module.exports = { jsonSchema, modelOf };
