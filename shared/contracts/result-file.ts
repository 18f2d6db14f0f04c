import * as z from 'zod/mini';

/** How a file is named in a stored result; whoever reads the job gets a link instead. */
const SCHEME = 'payload:';

/**
 * How long a link to a file or to a long result is valid: long enough to follow it, but too short for someone who finds it in a
 * log.
 */
export const LINK_SECONDS = 300;

/**
 * A field of a result that is a file, which job code wrote with `job.write`. Clients read a link to it, which is valid for
 * {@link LINK_SECONDS}; each GET makes a new one.
 */
export const ResultFile = z.url();

/** The text that stands for an object of the payload bucket in a stored result. */
export const fileInResult = (key: string) => `${SCHEME}${key}`;

/** The key that a value of a stored result stands for, or undefined if it is not a file. */
export const fileKey = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith(SCHEME) ? value.slice(SCHEME.length) : undefined;
