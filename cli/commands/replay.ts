import type { AdminDoor } from '@spillway/client/admin-door.ts';
import { reasonOf } from '@spillway/client/front-door.ts';
import { USUAL_RATE } from '@spillway/shared/contracts/failure.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { confirm } from '../confirm.ts';
import { CliError } from '../errors.ts';
import { follow } from '../follow.ts';
import { addFailureFilter, parseWholeNumber, stageOption } from '../options.ts';
import { openAdminDoor, tenantId } from '../session.ts';

export function addReplay(program: Command): void {
  const replay = program
    .command('replay')
    .description(
      'Replay failed and expired jobs and parked messages: those that fit all options, or those that --job names',
    );
  addFailureFilter(replay)
    .addOption(
      new Option('--job <tenant/type/id>', 'a failure, as spillway failures prints it; can be repeated')
        .argParser(addJob)
        .conflicts(['type', 'tenant', 'code', 'from', 'to']),
    )
    .addOption(new Option('--rate <number>', 'how many a second').argParser(parseWholeNumber).default(USUAL_RATE))
    .option('--as-new-job', 'replay each as a new job, which leaves the old one as it is')
    .option('--dry-run', 'only count them')
    .option('--yes', 'do not ask before replaying')
    .addOption(stageOption())
    .action(async ({ rate, asNewJob, dryRun, yes, stage, ...which }) => {
      const { door, target } = await openAdminDoor({ stage });
      const request = requestFor(which, (tenant) => tenantId(target, tenant));
      const matched = await count(door, request);
      if (dryRun || matched === 0) return;
      if (!yes) await confirm('Replay them? [y/N] ', /^y(es)?$/i, 'Nothing was replayed.', '--yes');
      const path = await start(door, { ...request, ratePerSecond: rate, ...(asNewJob && { asNewJob }) });
      await follow(() => read(door, path));
    });
}

/** The jobs that --job names, or the filter that the other options are. */
function requestFor({ job, tenant, ...conditions }: Which, idOf: (tenant: string) => string) {
  if (job) return { jobs: job.map((each) => ({ ...each, tenant: idOf(each.tenant) })) };
  return { filter: { ...conditions, ...(tenant !== undefined && { tenant: idOf(tenant) }) } };
}

/** Prints how many there are. */
async function count(door: AdminDoor, request: Record<string, unknown>): Promise<number> {
  const answer = await door.replay({ ...request, dryRun: true });
  if (answer.status !== 200) throw new CliError('REFUSED', `The replay was refused (${reasonOf(answer)})`);
  const { matched, more } = answer.body as { matched: number; more?: boolean };
  console.log(`${matched}${more ? ' or more' : ''} to replay.`);
  return matched;
}

type Which = { job?: FailedJob[]; tenant?: string } & Record<string, unknown>;

interface FailedJob {
  tenant: string;
  type: string;
  jobId: string;
}

function addJob(text: string, before: FailedJob[] = []): FailedJob[] {
  const [, tenant, type, jobId] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(text) ?? [];
  if (tenant && type && jobId) return [...before, { tenant, type, jobId }];
  throw new InvalidArgumentError('It must look like <tenant>/<type>/<id>.');
}

/** @returns the path of the replay */
async function start(door: AdminDoor, request: Record<string, unknown>): Promise<string> {
  const answer = await door.replay(request);
  if (answer.status !== 202) throw new CliError('REFUSED', `The replay was refused (${reasonOf(answer)})`);
  const { jobId, links } = answer.body as { jobId: string; links: { self: string } };
  return `/admin/replays/${jobId}${new URL(links.self, 'http://front-door').search}`;
}

/** @returns undefined while the front door is busy */
async function read(door: AdminDoor, path: string): Promise<JobView | undefined> {
  const answer = await door.request<JobView>(path);
  if (answer.status === 200) return answer.body;
  if (answer.status === 429 || answer.status >= 500) return undefined;
  throw new CliError('NO_REPLAY', `The replay could not be read (${reasonOf(answer)}): ${path}`);
}
