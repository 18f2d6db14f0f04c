import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ContractError, type JobType } from '../contracts/job-type.ts';
import { PackagingError } from './errors.ts';
import { foldersIn } from './functions.ts';
import { listServices, ROOT, serviceFolder } from './services.ts';

/**
 * Loads every job type from `shared/contracts/jobs/`, sorted by name. For packaging and tools; a function imports only
 * its own contract.
 *
 * @param root the repository's root, or that of a copy
 * @throws ContractError if a file does not export the job type that it is named after
 * @throws PackagingError if a contract has no implementation, or an implementation no contract
 */
export function loadJobTypes(root = ROOT): JobType[] {
  checkNode();
  const require = createRequire(import.meta.url);
  const folder = join(root, 'shared/contracts/jobs');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const jobTypes = files.sort().map((file) => {
    const jobType: JobType | undefined = require(join(folder, file)).default;
    const expected = file.slice(0, -'.ts'.length);
    if (jobType?.name !== expected) {
      throw new ContractError(
        `shared/contracts/jobs/${file} must default-export defineJobType({ name: '${expected}', … })`,
      );
    }
    return jobType;
  });
  checkOwners(jobTypes, root);
  return jobTypes;
}

/** The job types that clients know: all but those that only the platform submits. */
export const publicJobTypes = (root = ROOT): JobType[] =>
  loadJobTypes(root).filter(({ submittedBy }) => submittedBy === 'clients');

/** The job types that take submits of clients: all of those but the retired ones. */
export const activeJobTypes = (root = ROOT): JobType[] => publicJobTypes(root).filter(({ retired }) => !retired);

/** The names of the job types all of whose events are published, not only the outcomes. */
export const publishedInFull = (root = ROOT): string[] =>
  loadJobTypes(root)
    .filter(({ events }) => events === 'all')
    .map(({ name }) => name);

/** Contracts are TypeScript, which Node loads by itself from this version on. Without it, its own message does not help. */
const OLDEST_NODE = 24;

function checkNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return;
  throw new PackagingError(
    `Node ${OLDEST_NODE} or newer is needed, and this is ${process.version}: https://nodejs.org`,
  );
}

/** The job types that a service implements. */
export const jobTypesOf = (service: string, root = ROOT) =>
  loadJobTypes(root).filter((jobType) => jobType.service === service);

/** Every contract needs an implementation: otherwise the front door would accept jobs that nothing runs. */
function checkOwners(jobTypes: readonly JobType[], root: string): void {
  const services = listServices(root);
  for (const { name, service } of jobTypes) {
    if (!services.includes(service)) {
      throw new PackagingError(
        `the contract ${name} names the service "${service}", which serverless-compose.yml does not list: use one of ${services.join(', ')}, or write services/${service}/ and add it there`,
      );
    }
    const handler = `services/${service}/job-types/${name}/handler.ts`;
    if (!existsSync(join(root, handler))) {
      throw new PackagingError(`the contract ${name} has no implementation: write ${handler}`);
    }
  }
  for (const service of services) {
    for (const name of foldersIn(join(serviceFolder(service, root), 'job-types'))) {
      if (jobTypes.some((jobType) => jobType.name === name && jobType.service === service)) continue;
      throw new PackagingError(
        `services/${service}/job-types/${name}/ has no contract: write shared/contracts/jobs/${name}.ts with service: '${service}'`,
      );
    }
  }
}

/** `csv-import` → `CsvImport`, for CloudFormation's logical ids and output names. */
export const pascalCase = (name: string) =>
  name.replace(/(^|[-.])([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase());
