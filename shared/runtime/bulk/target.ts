import { PermanentJobError } from '../../attempt/errors.ts';
import { clientsContract } from '../../contracts/contract-of.ts';
import type { JobType } from '../../contracts/job-type.ts';
import bulkSubmit from '../../contracts/jobs/bulk-submit.ts';

/**
 * The job type that a file is for.
 *
 * @throws PermanentJobError `TYPE_REFUSED` if no jobs of the type can be submitted
 */
export async function targetOf(type: string): Promise<JobType> {
  // a file that submits files could go on for ever
  if (type === bulkSubmit.name) throw refusal(`a bulk file cannot have jobs of the type ${type}`);
  const jobType = await clientsContract(type);
  if (!jobType) throw refusal(`there is no job type "${type}"`);
  if (jobType.retired) throw refusal(`the job type ${type} takes no more jobs`);
  return jobType;
}

const refusal = (message: string) => new PermanentJobError('TYPE_REFUSED', message);
