import { join } from 'node:path';

/** Hold this lock to package in a tree: each service's Serverless CLI always works in the same folders. */
export const packagingLock = (root: string) => join(root, '.spillway/packaging.lock');
