import { firingJobId } from '@spillway/shared/contracts/firing.ts';
import type { Schedule } from '@spillway/shared/contracts/schedules.ts';
import type { jobReads } from '@spillway/shared/job-store/reads.ts';
import { type Recurrence, readRecurrence } from './recurrence.ts';
import type { StoredSchedule } from './schedule-store.ts';

/** So many of the newest times are looked at for a job: a newer one may wait in its lane, or the schedule was paused. */
const TIMES_LOOKED_AT = 5;

/** The path below which schedules are. */
const PATH = '/schedules';

/** A schedule as its tenant sees it, without its last job. */
export function viewOf(schedule: Omit<StoredSchedule, 'createdAt'>, stagePath: string, now: Date): Schedule {
  const { name, type, inputText, expression, timezone, startsAt, endsAt, paused } = schedule;
  const next = paused ? undefined : nextRun(readRecurrence(expression, timezone, startsAt), startsAt, endsAt, now);
  return {
    name,
    type,
    input: JSON.parse(inputText),
    expression,
    timezone,
    ...(endsAt && { endsAt: endsAt.toISOString() }),
    paused,
    ...(next && { nextRunAt: next.toISOString() }),
    links: { self: `${stagePath}${PATH}/${name}` },
  };
}

/** The next time of a schedule, if it has one before it ends. */
export function nextRun(recurrence: Recurrence, startsAt: Date, endsAt: Date | undefined, now: Date): Date | undefined {
  // a time at the start itself counts
  const from = Math.max(now.getTime(), startsAt.getTime() - 1);
  const next = recurrence.next(new Date(from));
  return next && endsAt && next > endsAt ? undefined : next;
}

/** The newest job of a schedule that a consumer has seen. */
export async function lastRun(
  tenant: string,
  { name, type, expression, timezone, startsAt, createdAt }: StoredSchedule,
  stagePath: string,
  { reads, now }: { reads: Pick<ReturnType<typeof jobReads>, 'get'>; now: Date },
): Promise<Schedule['lastRun']> {
  const times = readRecurrence(expression, timezone, startsAt)
    .previous(now, TIMES_LOOKED_AT)
    .filter((at) => at >= createdAt);
  const rows = await Promise.all(times.map((at) => reads.get({ tenant, type, id: firingJobId(name, at) })));
  const found = rows.findIndex(Boolean);
  const [at, row] = [times[found], rows[found]];
  if (!at || !row) return undefined;
  const job = `${stagePath}/jobs/${type}/${row.jobId}`;
  return { at: at.toISOString(), jobId: row.jobId, status: row.status, links: { job } };
}
