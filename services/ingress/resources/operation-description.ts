import type { ProblemName } from '../problems.ts';

/** A parameter in the API description (OpenAPI 3.1). */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: object;
}

/** An answer of a light function that is not a problem. */
export interface DescribedAnswer {
  description: string;
  /** Absent if the answer has no body. */
  schema?: object;
}

/** How the API description describes a light function's route, besides what all routes have in common. */
export interface Operation {
  summary: string;
  /** All but the job id, which follows from the path. */
  parameters?: Parameter[];
  /** What the caller sends, as JSON. The example is also what `invoke local` sends. */
  body?: { schema: object; example: unknown };
  /** The answers by status. */
  answers: Readonly<Record<number, DescribedAnswer>>;
  /** The problems that only this function answers with. */
  problems: ProblemName[];
}

/** A job type in the API description. In a route of no job type, everything is empty. */
export interface DescribedType {
  name: string;
  /** Its name in the names of schemas, such as `CsvImport`. */
  id: string;
  exampleInput: unknown;
  /** The fields by which lists find jobs. */
  searchKeys: readonly string[];
}

/** Describes a light function's route: `operation.ts` beside the function exports it as `operation`. */
export type DescribeOperation = (jobType: DescribedType) => Operation;

/** A reference to a schema in the API description. */
export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
