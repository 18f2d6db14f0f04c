import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Statement } from './cloudformation.ts';
import { PackagingError } from './errors.ts';

/** A function as the Serverless Framework takes it. */
export type FunctionDefinition = Record<string, unknown> & {
  handler: string;
  environment?: Record<string, unknown>;
  iamRoleStatements?: Statement[];
  events?: unknown[];
};

export type Functions = Record<string, FunctionDefinition>;

/**
 * CloudFormation names the roles (least-privilege.ts): IAM takes 64 characters for all regions together, and the plugin's own
 * names of service, stage, function and region are longer than that for a long job type.
 */
const UNNAMED = 'unnamed';

/** Enough for a function that waits on AWS; what computes, or holds much in memory, says more in its `function.yml`. */
const DEFAULT_MEMORY_MB = 256;

/** The folders in a folder, sorted; none if it does not exist. */
export const foldersIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

/**
 * One function from a folder with `handler.ts` and, if it needs other settings than the defaults, `function.yml`. It has a role
 * of its own even if it asks for no rights: without the list it would share one that has everybody's.
 *
 * @param service the service's folder
 * @param path the function's folder, relative to it
 * @throws PackagingError naming the file that is missing or cannot be read
 */
export function functionIn(service: string, path: string): FunctionDefinition {
  if (!existsSync(join(service, path, 'handler.ts'))) throw new PackagingError(`${path}/ needs the file handler.ts`);
  const settings = `${path}/function.yml`;
  const definition = existsSync(join(service, settings)) ? yamlIn(service, settings) : {};
  return {
    memorySize: DEFAULT_MEMORY_MB,
    iamRoleStatements: [],
    iamRoleStatementsName: UNNAMED,
    ...definition,
    handler: `${path}/handler.handler`,
  };
}

/**
 * @param name as people know the file
 * @throws PackagingError naming the file, and the line that is not valid YAML
 */
export function yamlIn(folder: string, path: string, name = path) {
  try {
    return parse(readFileSync(join(folder, path), 'utf8'), { merge: true });
  } catch (error) {
    throw new PackagingError(`${name} is not valid YAML: ${(error as Error).message}`);
  }
}

/** Every function of `functions/`, named as its folder. */
export const functionsIn = (service: string): Functions =>
  Object.fromEntries(
    foldersIn(join(service, 'functions')).map((name) => [name, functionIn(service, `functions/${name}`)]),
  );
