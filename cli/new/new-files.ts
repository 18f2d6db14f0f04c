import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isName, LONGEST_NAME } from '@spillway/shared/contracts/names.ts';
import { CliError } from '../errors.ts';

/** Files by their paths from the repository's root. */
export type Files = Record<string, string>;

/** The result of a generator. */
export interface Generated {
  /** Files that must not exist yet. */
  files: Files;
  /** Files of the repository with something added. */
  edits: Files;
}

/** @throws CliError if the name is not valid for a job type or a service */
export function checkName(name: string): void {
  if (isName(name)) return;
  throw new CliError(
    'BAD_NAME',
    `"${name}" is not a valid name: use at most ${LONGEST_NAME} characters in kebab case, such as invoice-render.`,
    2,
  );
}

/**
 * Writes the generated files, formatted like the rest of the repository.
 *
 * @throws CliError without having written anything if one of the files exists
 */
export function writeGenerated(root: string, { files, edits }: Generated): void {
  const taken = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (taken)
    throw new CliError('NAME_TAKEN', `${taken} already exists: choose another name, or delete the file first.`);
  for (const [path, text] of Object.entries({ ...files, ...edits })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const formatted = Object.keys(files).filter((path) => /\.(ts|json)$/.test(path));
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...formatted], { cwd: root, stdio: 'pipe' });
}
