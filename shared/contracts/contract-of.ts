import type { JobType } from './job-type.ts';

/**
 * Loads the contract of a job type, for a function that handles all of them. Bundled into it are all contracts, but only
 * the one that is asked for is evaluated.
 *
 * @param type the name of a job type that exists
 */
export async function contractOf(type: string): Promise<JobType> {
  const module: { default: JobType } = await import(`./jobs/${type}.ts`);
  return module.default;
}
