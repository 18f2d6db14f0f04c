import type { JobReference } from '@spillway/client/job.ts';
import { checkTenantName } from '@spillway/client/tenants.ts';
import { USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { JOB_ID, RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import {
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  type ClientAttributeName,
  type SubmitOptions,
} from '@spillway/shared/contracts/submit-attributes.ts';
import { publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';

export const stageOption = () => new Option('--stage <name>', 'a stage on AWS; without it, the local engine');

/** The tenant that commands on the local engine use. */
export const DEFAULT_TENANT = 'demo';

export const tenantOption = () =>
  new Option('--tenant <name>', 'the tenant to act as, on the local engine')
    .default(DEFAULT_TENANT)
    .argParser(parseTenantName);

export const acceptedAtOption = () =>
  new Option(
    '--accepted-at <ms>',
    'acceptedAt as printed by submit; finds a job that no consumer has seen yet',
  ).argParser((value) =>
    parsePattern(value, /^\d{1,15}$/, 'It must be the acceptedAt that submit printed, such as 1764230400000.'),
  );

export const limitOption = (what: string) =>
  new Option('--limit <number>', `how many ${what} at most`).argParser(parseWholeNumber).default(USUAL_PAGE);

export function parseWholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

/** @param fits which job types it may be; by default any */
export const typeArgument = (fits: (type: JobType) => boolean = () => true) =>
  new Argument('<type>', 'the job type').argParser((name) => parseJobType(name, fits));

export const idArgument = () => new Argument('<id>', 'the job id').argParser(parseJobId);

/** A command about one job. */
export const jobCommand = (program: Command, name: string): Command =>
  program
    .command(name)
    .addArgument(typeArgument())
    .addArgument(idArgument())
    .addOption(acceptedAtOption())
    .addOption(stageOption())
    .addOption(tenantOption());

/** A job by its id and, if it is given, the time at which it was accepted. */
export const referenceTo = (jobId: string, acceptedAt: string | undefined): JobReference =>
  acceptedAt === undefined ? jobId : { jobId, links: { self: `?acceptedAt=${acceptedAt}` } };

const CLIENT_ENTRIES = Object.entries(CLIENT_ATTRIBUTES) as [ClientAttributeName, ClientAttribute][];

/** An option for everything that a client may send with a submit besides the input. */
export const submitOptions = () =>
  CLIENT_ENTRIES.map(([name, { flag, description, pattern, rule }]) =>
    new Option(`--${flag} <value>`, description).argParser(
      name === 'jobId' ? parseJobId : (value: string) => parsePattern(value, pattern, rule),
    ),
  );

/** The options of a submit from the command line, for the client. */
export const readSubmitOptions = (options: Record<string, string | undefined>): SubmitOptions =>
  Object.fromEntries(
    CLIENT_ENTRIES.map(([name, { flag }]) => [name, options[new Option(`--${flag}`).attributeName()]]).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** @param rule what it must look like, for people */
export function parsePattern(value: string, pattern: RegExp, rule: string): string {
  if (pattern.test(value)) return value;
  throw new InvalidArgumentError(rule);
}

export function parseTenantName(name: string): string {
  try {
    checkTenantName(name);
    return name;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Refuses an invalid job id: its submit would be accepted, but the job would fail. */
function parseJobId(id: string): string {
  if (JOB_ID.test(id) && !RESERVED_JOB_IDS.includes(id)) return id;
  const reserved = RESERVED_JOB_IDS.map((each) => `"${each}"`).join(', ');
  throw new InvalidArgumentError(`${CLIENT_ATTRIBUTES.jobId.rule} These are reserved: ${reserved}.`);
}

function parseJobType(name: string, fits: (type: JobType) => boolean): JobType {
  const types = publicJobTypes().filter(fits);
  const jobType = types.find((each) => each.name === name);
  if (jobType) return jobType;
  throw new InvalidArgumentError(`It can be ${types.map((each) => each.name).join(', ')}.`);
}

/** Which failures: those that fit all of these. */
export const filterOptions = () => [
  new Option('--type <type>', 'only those of a job type'),
  new Option('--tenant <id>', 'only those of a tenant, by its id, or on the local engine also by its name'),
  new Option('--code <code>', 'only those with this error code; PARKED for parked messages'),
  new Option('--from <time>', 'only those that failed at this time or later, such as 2026-03-01T09:30:00Z'),
  new Option('--to <time>', 'only those that failed before this time'),
];

/** `orderId=order-1001` → `{ orderId: 'order-1001' }`. The front door knows the fields and says what is wrong. */
export function parseWhere(text: string): Record<string, string> {
  const [, field, value = ''] = /^([A-Za-z][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (field === undefined) throw new InvalidArgumentError('It must look like orderId=order-1001.');
  return { [field]: value };
}
