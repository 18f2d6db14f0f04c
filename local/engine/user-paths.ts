import { relative, resolve } from 'node:path';

/**
 * The folder that a person is in. npm runs every script in the repository's root, and says in `INIT_CWD` where it was called:
 * https://docs.npmjs.com/cli/v11/commands/npm-run-script
 */
const folder = () => process.env.INIT_CWD || process.cwd();

/** The absolute path of a file that a person named. */
export const pathFromUser = (path: string): string => resolve(folder(), path);

/** The path of a file as the person can use it. */
export const pathForUser = (path: string): string => relative(folder(), path) || '.';
