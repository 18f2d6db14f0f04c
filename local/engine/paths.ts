import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Everything that local commands leave behind; ignored by git, safe to delete while nothing runs. */
export const STATE = join(ROOT, '.spillway');
export const PYTHON = join(STATE, 'python/bin/python');

/** Hold this lock to package in a tree: each service's Serverless CLI always works in the same folders. */
export const packagingLock = (root: string) => join(root, '.spillway/packaging.lock');
