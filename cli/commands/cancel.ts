import type { CancelFilter } from '@spillway/client/cancellations.ts';
import { CANCELLABLE } from '@spillway/shared/contracts/cancellation.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Command, Option } from 'commander';
import { confirm } from '../confirm.ts';
import { CliError } from '../errors.ts';
import { follow } from '../follow.ts';
import {
  acceptedAtOption,
  idArgument,
  parseWhere,
  referenceTo,
  stageOption,
  tenantOption,
  typeArgument,
} from '../options.ts';
import { openFrontDoor } from '../session.ts';
import { addPeriod, timeOption } from '../time-options.ts';

const FILTERS = ['status', 'from', 'to', 'where'] as const;

interface Options extends CancelFilter<string> {
  acceptedAt?: string;
  dryRun?: true;
  yes?: true;
  stage?: string;
  tenant: string;
}

export function addCancel(program: Command): void {
  const cancel = program
    .command('cancel')
    .description(
      'Cancel a job and print it as JSON: it is CANCELLED at once, or when its running attempt has stopped. Without an id, cancel the jobs that fit all options',
    )
    .addArgument(typeArgument())
    .addArgument(idArgument().argOptional())
    .addOption(new Option('--status <status>', 'only the jobs in this status').choices(CANCELLABLE));
  addPeriod(
    cancel,
    timeOption('--from', 'only those that were accepted at this time or later, such as 2026-03-01T09:30:00Z'),
    timeOption('--to', 'only those that were accepted before this time'),
  )
    .addOption(
      new Option(
        '--where <field=value>',
        "only those whose input has this value of one of the contract's search keys; can be repeated",
      ).argParser(addWhere),
    )
    .option('--dry-run', 'only count them')
    .option('--yes', 'do not ask before cancelling them')
    .addOption(acceptedAtOption())
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async ({ name }: JobType, id: string | undefined, options: Options) => {
      const given = FILTERS.filter((field) => options[field] !== undefined);
      if (id !== undefined && given.length > 0) {
        throw new CliError('USAGE', `Name a job or filter jobs, but not both: leave out ${id} or --${given[0]}.`, 2);
      }
      if (id === undefined) await cancelAll(name, options);
      else await cancelOne(name, id, options);
    });
}

async function cancelOne(type: string, id: string, options: Options): Promise<void> {
  const { client } = await openFrontDoor(options);
  const job = await client.jobsOf(type).cancel(referenceTo(id, options.acceptedAt));
  console.log(JSON.stringify(job, null, 2));
}

async function cancelAll(type: string, { dryRun, yes, status, from, to, where, ...options }: Options): Promise<void> {
  const { client } = await openFrontDoor(options);
  const jobs = client.jobsOf(type);
  const filter = { status, from, to, where };
  const { matched, more } = await jobs.countAll(filter);
  console.log(`${matched}${more ? ' or more' : ''} to cancel, without those that no consumer has seen yet.`);
  if (dryRun || matched === 0) return;
  if (!yes) await confirm('Cancel them? [y/N] ', /^y(es)?$/i, 'Nothing was cancelled.', '--yes');
  const cancellation = await jobs.cancelAll(filter);
  await follow(() => client.cancellations.get(cancellation));
}

const addWhere = (text: string, before: Record<string, string> = {}) => ({ ...before, ...parseWhere(text) });
