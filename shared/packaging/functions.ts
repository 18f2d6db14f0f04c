import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Statement } from './cloudformation.ts';
import { PackagingError } from './errors.ts';

/** A function as the Serverless Framework configures it. */
export type FunctionDefinition = Record<string, unknown> & {
  handler: string;
  environment?: Record<string, unknown>;
  iamRoleStatements?: Statement[];
  events?: unknown[];
};

export type Functions = Record<string, FunctionDefinition>;

/**
 * A placeholder: least-privilege.ts removes the name, so that CloudFormation chooses one. IAM allows 64 characters, and
 * the plugin's names of service, stage, function and region would be longer for a long job type.
 */
const UNNAMED = 'unnamed';

/** Enough for a function that waits for AWS. One that computes, or needs much memory, sets more in its `function.yml`. */
const DEFAULT_MEMORY_MB = 256;

/** The folders in a folder, sorted. Empty if the folder does not exist. */
export const foldersIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

/**
 * A function, made from a folder with `handler.ts` and, if the defaults do not suit, `function.yml`. It always has its
 * own role: without `iamRoleStatements` it would share a role that has the permissions of all functions.
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
 * Reads a YAML file.
 *
 * @param name the file's name in an error message
 * @throws PackagingError naming the file, and the line that is not valid YAML
 */
export function yamlIn(folder: string, path: string, name = path) {
  try {
    return parse(readFileSync(join(folder, path), 'utf8'), { merge: true });
  } catch (error) {
    throw new PackagingError(`${name} is not valid YAML: ${(error as Error).message}`);
  }
}

/** Every function in `functions/`. Each has the name of its folder. */
export const functionsIn = (service: string): Functions =>
  Object.fromEntries(
    foldersIn(join(service, 'functions')).map((name) => [name, functionIn(service, `functions/${name}`)]),
  );
