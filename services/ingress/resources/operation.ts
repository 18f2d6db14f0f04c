import type { ProblemName } from '../problems.ts';

/** A parameter in the API description (OpenAPI 3.1). */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: object;
}

/** What the API description says about a light function's route, besides what all routes have in common. */
export interface Operation {
  summary: string;
  parameters?: Parameter[];
  /** The answer 200. */
  answer: { description: string; schema: object };
  /** What it refuses by itself. */
  problems: ProblemName[];
}

/**
 * Describes a light function's route for one job type: `operation.ts` beside the function exports it as `operation`.
 *
 * @param id the job type's name in the names of schemas, such as `CsvImport`
 */
export type DescribeOperation = (jobType: { name: string; id: string }) => Operation;

/** A schema that the API description holds by name. */
export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
