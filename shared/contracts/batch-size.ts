/** How many jobs a batch may have. */
export const MOST_BATCH_JOBS = 1000;
/**
 * How long a batch may be, in bytes. Lambda takes requests of 6 MB
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), in which the batch is JSON within JSON: each
 * quote and backslash takes a second byte.
 */
export const MOST_BATCH_BYTES = 5 * 1024 * 1024;
