import type { JobType } from './job-type.ts';
import { isName } from './names.ts';

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

/**
 * Finds the job type that a client names. One that only the platform submits is as unknown to clients as one that is not
 * there.
 *
 * @param type any text
 */
export async function clientsContract(type: string): Promise<JobType | undefined> {
  const jobType = isName(type) ? await contractOf(type).catch(() => undefined) : undefined;
  return jobType?.submittedBy === 'clients' ? jobType : undefined;
}
