import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PackagingError } from './errors.ts';

/** A function as the Serverless Framework takes it. */
export type FunctionDefinition = Record<string, unknown> & {
  handler: string;
  environment?: Record<string, string>;
  iamRoleStatements?: unknown[];
  events?: unknown[];
};

/**
 * CloudFormation names the roles (least-privilege.ts): IAM takes 64 characters for all regions together, and the plugin's own
 * names of service, stage, function and region are longer than that for a long job type.
 */
const UNNAMED = 'unnamed';

/** The folders in a folder, sorted; none if it does not exist. */
export const foldersIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

/**
 * One function from a folder with `handler.ts`, `function.yml` and `event.json`. It has a role of its own also if it asks for
 * no rights: without the list it would share one that has everybody's.
 *
 * @param service the service's folder
 * @param path the function's folder, relative to it
 * @throws PackagingError naming the file that is missing or no YAML
 */
export function functionIn(service: string, path: string): FunctionDefinition {
  for (const file of ['handler.ts', 'function.yml', 'event.json']) {
    if (!existsSync(join(service, path, file))) throw new PackagingError(`${path}/ needs the file ${file}`);
  }
  const definition = yamlIn(service, `${path}/function.yml`) ?? {};
  return { iamRoleStatements: [], iamRoleStatementsName: UNNAMED, ...definition, handler: `${path}/handler.handler` };
}

/**
 * @param name as people know the file
 * @throws PackagingError naming the file, and the line if it is no YAML
 */
export function yamlIn(folder: string, path: string, name = path) {
  try {
    return parse(readFileSync(join(folder, path), 'utf8'), { merge: true });
  } catch (error) {
    throw new PackagingError(`${name} is no YAML: ${(error as Error).message}`);
  }
}

/** Every function of `functions/`, named as its folder. */
export const functionsIn = (service: string): Record<string, FunctionDefinition> =>
  Object.fromEntries(
    foldersIn(join(service, 'functions')).map((name) => [name, functionIn(service, `functions/${name}`)]),
  );
