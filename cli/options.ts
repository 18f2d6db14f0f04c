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
import { TIME_RULE } from '@spillway/shared/contracts/times.ts';
import { publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { parseFile } from './files.ts';
import { addPeriod, parseTimeAhead, timeOption } from './time-options.ts';
import { TIME_AHEAD_EXAMPLES } from './times.ts';

export const stageOption = () => new Option('--stage <name>', 'a stage on AWS; without it, the local engine');

/** The tenant that commands on the local engine use. */
export const DEFAULT_TENANT = 'demo';

export const tenantOption = () =>
  new Option('--tenant <name>', 'the tenant to act as, on the local engine')
    .default(DEFAULT_TENANT)
    .argParser(parseTenantName);

/** The options of the same caller, for a command that a person is shown: empty, or with a space before them. */
export const callerOptions = ({ stage, tenant }: { stage?: string | undefined; tenant: string }): string =>
  `${tenant === DEFAULT_TENANT ? '' : ` --tenant ${tenant}`}${stage === undefined ? '' : ` --stage ${stage}`}`;

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
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

/** The input of a job. */
export const inputOption = () =>
  new Option(
    '--input <file>',
    'the input as JSON, "-" for standard input; without it, the job type\'s example',
  ).argParser(parseFile);

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
  CLIENT_ENTRIES.map(([name, row]) =>
    // what is true of times in a URL is of no use here
    new Option(`--${row.flag} <value>`, row.description.replace(TIME_RULE, TIME_AHEAD_EXAMPLES)).argParser(
      parserOf(name, row),
    ),
  );

function parserOf(name: ClientAttributeName, { time, pattern, rule }: ClientAttribute): (value: string) => string {
  if (name === 'jobId') return parseJobId;
  return time ? parseTimeAhead : (value) => parsePattern(value, pattern, rule);
}

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

/** Adds what says which failures: those that fit all of these options. */
export const addFailureFilter = (command: Command): Command =>
  addPeriod(
    command
      .option('--type <type>', 'only those of a job type')
      .option('--tenant <id>', 'only those of a tenant, by its id, or on the local engine also by its name')
      .option('--code <code>', 'only those with this error code; PARKED for parked messages'),
    timeOption('--from', 'only those that failed at this time or later, such as 2026-03-01T09:30:00Z'),
    timeOption('--to', 'only those that failed before this time'),
  );

/** `orderId=order-1001` → `{ orderId: 'order-1001' }`. The front door knows the fields and says what is wrong. */
export function parseWhere(text: string): Record<string, string> {
  const [, field, value = ''] = /^([A-Za-z][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (field === undefined) throw new InvalidArgumentError('It must look like orderId=order-1001.');
  return { [field]: value };
}
