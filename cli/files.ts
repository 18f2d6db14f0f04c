import { pathFromUser } from '@spillway/engine/user-paths.ts';

/** What stands for standard input in the place of a file. */
export const STANDARD_INPUT = '-';

/** Makes the path of a file absolute: a person names it from the folder that they are in. */
export const parseFile = (path: string): string => (path === STANDARD_INPUT ? path : pathFromUser(path));
