import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';

/** The file that gives the client its job types: TypeScript cannot import all files of a folder. */
export const CLIENT_TYPES = 'client/job-types.ts';

/** The names of all contracts of a repository but those whose jobs clients cannot submit. */
export function contractNames(root: string): string[] {
  const folder = join(root, 'shared/contracts/jobs');
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      // not by loading them: a new one may not have an implementation yet
      .filter((file) => !readFileSync(join(folder, file), 'utf8').includes("submittedBy: 'platform'"))
      .map((file) => file.slice(0, -'.ts'.length))
  );
}

/** Makes the text of {@link CLIENT_TYPES}, formatted as the formatter would. */
export function clientTypes(names: readonly string[]): string {
  const sorted = [...names].sort();
  return `// Written by "npm run spillway -- new job-type". A test compares it with the contracts.

/** The job types by their names in the client. */
export const JOB_TYPES = {
${sorted.map((name) => `  ${camelCase(name)}: '${name}',`).join('\n')}
} as const;

/** Their contracts. Only types: no contract is loaded. */
export interface Contracts {
${sorted.map((name) => `  ${camelCase(name)}: typeof import('@spillway/shared/contracts/jobs/${name}.ts').default;`).join('\n')}
}
`;
}

/** `csv-import` → `csvImport`. */
const camelCase = (name: string) => name.charAt(0) + pascalCase(name).slice(1);
