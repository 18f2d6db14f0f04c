import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import * as z from 'zod';

/** What API Gateway refuses in a model. */
const REFUSED = new Set(['$id', 'id', 'examples', 'example', 'default', 'readOnly', 'writeOnly', 'deprecated']);
/** Below these, keys are a client's field names and not keywords of the schema. */
const FIELD_NAMES = new Set(['properties', 'definitions', 'patternProperties']);

export type JsonSchema = Record<string, unknown>;
type Contract = Pick<JobType, 'name' | 'lane' | 'input'>;

/**
 * A contract's input as an API Gateway model: JSON Schema draft 4, without what API Gateway refuses. When a value does not fit
 * a pattern, the gateway's 400 shows the pattern and not the field, so each pattern starts with its field's name, repeated
 * zero times.
 *
 * @throws PackagingError if JSON cannot express the input, or an order key has no pattern: SQS would refuse the message
 */
export function modelOf(jobType: Contract): JsonSchema {
  const model = cleaned(jsonSchema(jobType, 'input', { target: 'draft-4', io: 'input' }), false) as JsonSchema;
  const { name, lane } = jobType;
  const fields = model.properties as Record<string, JsonSchema> | undefined;
  if (lane.kind === 'ordered' && !fields?.[lane.orderKey]?.pattern) {
    throw new PackagingError(
      `job type "${name}": orderKey "${lane.orderKey}" needs z.regex(ORDER_KEY), because the front door cannot check a refinement`,
    );
  }
  return model;
}

/**
 * A contract's input or result as JSON Schema.
 *
 * @throws PackagingError naming the job type if JSON cannot express it, such as a date
 */
export function jsonSchema<Part extends 'input' | 'result'>(
  jobType: Pick<JobType, 'name' | Part>,
  part: Part,
  options: z.core.ToJSONSchemaParams,
): JsonSchema {
  try {
    return z.toJSONSchema(jobType[part] as z.core.$ZodType, options);
  } catch (error) {
    throw new PackagingError(
      `job type "${jobType.name}": ${part} must be something that JSON can express: ${(error as Error).message}`,
    );
  }
}

function cleaned(node: unknown, hasFieldNames: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => cleaned(item, false));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => hasFieldNames || !REFUSED.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      cleaned(hasFieldNames ? withFieldInPattern(key, value) : value, !hasFieldNames && FIELD_NAMES.has(key)),
    ]),
  );
}

const withFieldInPattern = (field: string, schema: JsonSchema): JsonSchema =>
  schema.pattern ? { ...schema, pattern: `(${field}){0}${schema.pattern}` } : schema;
