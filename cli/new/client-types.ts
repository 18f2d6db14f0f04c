import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';

/** The file that gives the client its job types: TypeScript cannot import all files of a folder. */
export const CLIENT_TYPES = 'client/job-types.ts';

/** What the client must know of a contract while it runs. */
export interface ClientType {
  name: string;
  /** Whether its lane is ordered. */
  ordered: boolean;
}

/** All contracts of a repository but those whose jobs clients cannot submit. */
export function clientContracts(root: string): ClientType[] {
  const folder = join(root, 'shared/contracts/jobs');
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      // not by loading them: a new one may not have an implementation yet
      .map((file) => ({ name: file.slice(0, -'.ts'.length), text: readFileSync(join(folder, file), 'utf8') }))
      .filter(({ text }) => !text.includes("submittedBy: 'platform'"))
      .map(({ name, text }) => ({ name, ordered: text.includes("kind: 'ordered'") }))
  );
}

/** Makes the text of {@link CLIENT_TYPES}, formatted as the formatter would. */
export function clientTypes(types: readonly ClientType[]): string {
  const sorted = types.map(({ name }) => name).sort();
  const ordered = types.filter((type) => type.ordered).map(({ name }) => name);
  return `// Written by "npm run spillway -- new job-type". A test compares it with the contracts.

/** The job types by their names in the client. */
export const JOB_TYPES = {
${sorted.map((name) => `  ${camelCase(name)}: '${name}',`).join('\n')}
} as const;

/** Those with an ordered lane. */
export const ORDERED: readonly string[] = [${ordered
    .sort()
    .map((name) => `'${name}'`)
    .join(', ')}];

/** Their contracts. Only types: no contract is loaded. */
export interface Contracts {
${sorted.map((name) => `  ${camelCase(name)}: typeof import('@spillway/shared/contracts/jobs/${name}.ts').default;`).join('\n')}
}
`;
}

/** `csv-import` → `csvImport`. */
const camelCase = (name: string) => name.charAt(0) + pascalCase(name).slice(1);
