import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ContractError, type JobType } from '../contracts/job-type.ts';

const SHARED = join(dirname(fileURLToPath(import.meta.url)), '..');
const CONTRACTS = join(SHARED, 'contracts/jobs');
const SERVICES = join(SHARED, '../services');

/**
 * Every job type, from the files of `contracts/jobs/`, sorted by name. For packaging and tools; a function imports the
 * one contract that it serves.
 *
 * @throws ContractError if a file does not export the job type that it is named after, or its service is none
 */
export function loadJobTypes(folder = CONTRACTS): JobType[] {
  const require = createRequire(import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return files.sort().map((file) => {
    const jobType: JobType | undefined = require(join(folder, file)).default;
    const expected = file.slice(0, -'.ts'.length);
    if (jobType?.name !== expected) {
      throw new ContractError(`contracts/jobs/${file} must default-export defineJobType({ name: '${expected}', … })`);
    }
    // no service would see to it, and the front door would take its jobs
    if (!existsSync(join(SERVICES, jobType.service))) {
      throw new ContractError(
        `job type "${jobType.name}": service must be a folder of services/, not "${jobType.service}"`,
      );
    }
    return jobType;
  });
}

/** The job types that a service implements. */
export const jobTypesOf = (service: string) => loadJobTypes().filter((jobType) => jobType.service === service);

/** `csv-import` → `CsvImport`, for CloudFormation's logical ids and output names. */
export const pascalCase = (name: string) =>
  name.replace(/(^|[-.])([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase());
