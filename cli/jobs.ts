import { JOB_ID, RESERVED_JOB_IDS } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { STAGE_OPTIONS } from './arguments.ts';
import { CliError } from './errors.ts';

/** The options of a command that looks at a job. */
export const JOB_OPTIONS = { ...STAGE_OPTIONS, 'accepted-at': { type: 'string' } } as const;

/** @throws CliError naming the job types that there are */
export function jobTypeOf(name: string): JobType {
  const types = loadJobTypes();
  const jobType = types.find((each) => each.name === name);
  if (jobType) return jobType;
  throw new CliError(
    'NO_TYPE',
    `There is no job type "${name}". Use one of ${types.map((each) => each.name).join(', ')}.`,
    2,
  );
}

/** @throws CliError if no job may have that id: its submit would be accepted, and fail */
export function checkJobId(id: string): void {
  if (JOB_ID.test(id) && !RESERVED_JOB_IDS.includes(id)) return;
  throw new CliError(
    'BAD_ID',
    `"${id}" is no job id: 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", and none of ${RESERVED_JOB_IDS.map((each) => `"${each}"`).join(', ')}.`,
    2,
  );
}
