import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import * as z from 'zod';

/** What the value of a keyword is: a plain value, schemas (one, or a list), or schemas by field name. */
type Value = 'plain' | 'schemas' | 'fields';

/**
 * The keywords of JSON Schema draft 4 (https://json-schema.org/draft-04/draft-fge-json-schema-validation-00) that a
 * model may have. API Gateway refuses every other keyword, but only when the API is deployed.
 */
const KEYWORDS: Readonly<Record<string, Value>> = {
  $schema: 'plain',
  title: 'plain',
  description: 'plain',
  type: 'plain',
  enum: 'plain',
  format: 'plain',
  pattern: 'plain',
  minLength: 'plain',
  maxLength: 'plain',
  minimum: 'plain',
  maximum: 'plain',
  exclusiveMinimum: 'plain',
  exclusiveMaximum: 'plain',
  multipleOf: 'plain',
  required: 'plain',
  minProperties: 'plain',
  maxProperties: 'plain',
  minItems: 'plain',
  maxItems: 'plain',
  uniqueItems: 'plain',
  properties: 'fields',
  patternProperties: 'fields',
  additionalProperties: 'schemas',
  items: 'schemas',
  additionalItems: 'schemas',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  not: 'schemas',
};

/** Keywords that only annotate: a model does without them. */
const ANNOTATIONS = new Set([
  '$id',
  'id',
  '$comment',
  'example',
  'examples',
  'default',
  'readOnly',
  'writeOnly',
  'deprecated',
  'contentEncoding',
  'contentMediaType',
]);

export type JsonSchema = Record<string, unknown>;
type Contract = Pick<JobType, 'name' | 'lane' | 'input'>;

/**
 * A contract's input as an API Gateway model: JSON Schema draft 4 with the keywords that API Gateway takes.
 *
 * @throws PackagingError if JSON or a model cannot express the input, or an order key has no pattern: SQS would refuse the
 *   message
 */
export function modelOf(jobType: Contract): JsonSchema {
  const { name, lane } = jobType;
  const model = translate(jsonSchema(jobType, 'input', { target: 'draft-4', io: 'input' }), {
    jobType: name,
    path: [],
  });
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

/** Where in which contract a schema is. */
interface Place {
  jobType: string;
  /** The names of the fields that lead there. */
  path: readonly string[];
}

function translate(schema: JsonSchema, place: Place): JsonSchema {
  const model: JsonSchema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!ANNOTATIONS.has(keyword)) Object.assign(model, translateKeyword(keyword, value, place));
  }
  return model;
}

function translateKeyword(keyword: string, value: unknown, place: Place): JsonSchema {
  if (keyword === 'type' && value === 'integer') return WHOLE_NUMBER;
  if (keyword === 'pattern') return { pattern: namingField(String(value), place) };
  switch (Object.hasOwn(KEYWORDS, keyword) && KEYWORDS[keyword]) {
    case 'plain':
      return { [keyword]: value };
    case 'schemas':
      return { [keyword]: Array.isArray(value) ? value.map((each) => part(each, place)) : part(value, place) };
    case 'fields':
      return { [keyword]: mapFields(value as JsonSchema, place) };
    default:
      throw new PackagingError(
        `job type "${place.jobType}": ${['input', ...place.path].join('.')} becomes JSON Schema with the keyword "${keyword}", which API Gateway does not allow in a model${remedy(keyword)}`,
      );
  }
}

/**
 * In draft 4, as API Gateway's validator reads it, 2.0 is a number and not an integer. Since draft 6, and so in
 * openapi.json, it is an integer: https://json-schema.org/draft-06/json-schema-release-notes
 */
const WHOLE_NUMBER = { type: 'number', multipleOf: 1 };

const remedy = (keyword: string) =>
  keyword === '$ref'
    ? ': use no recursive type, and z.unknown() for what contains itself'
    : ': remove it, or check it with z.refine';

/** A schema, or true or false for any value or none. */
const part = (schema: unknown, place: Place): unknown =>
  typeof schema === 'boolean' ? schema : translate(schema as JsonSchema, place);

const mapFields = (fields: JsonSchema, { jobType, path }: Place): JsonSchema =>
  Object.fromEntries(
    Object.entries(fields).map(([field, schema]) => [field, part(schema, { jobType, path: [...path, field] })]),
  );

/**
 * When a value does not fit a pattern, the gateway's 400 shows the pattern and not the field, so each pattern starts with
 * its field's name, repeated zero times.
 */
function namingField(pattern: string, { path }: Place): string {
  const field = path.at(-1);
  return field === undefined ? pattern : `(${field.replace(/[^\w-]/g, '\\$&')}){0}${pattern}`;
}
