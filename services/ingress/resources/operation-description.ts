import type { ProblemName } from '../problems.ts';

/** A parameter in the API description (OpenAPI 3.1). */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: object;
}

/** How the API description describes a light function's route, besides what all routes have in common. */
export interface Operation {
  summary: string;
  parameters?: Parameter[];
  /** The answer 200. */
  answer: { description: string; schema: object };
  /** The problems that only this function answers with. */
  problems: ProblemName[];
}

/**
 * Describes a light function's route for one job type: `operation.ts` beside the function exports it as `operation`.
 *
 * @param id the job type's name in the names of schemas, such as `CsvImport`
 */
export type DescribeOperation = (jobType: { name: string; id: string }) => Operation;

/** A reference to a schema in the API description. */
export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
