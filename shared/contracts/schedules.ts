import * as z from 'zod/mini';
import { JOB_STATUSES } from './job.ts';

/** The name of a schedule, which is unique among those of a tenant. With a time, it becomes a job id. */
export const SCHEDULE_NAME = /^[A-Za-z0-9_-]{1,40}$/;

/** How many schedules a tenant may have: the account's quota of a million is shared by all tenants of all stages. */
export const MOST_SCHEDULES = 100;

/** The body of `PUT /schedules/{name}`. */
export const ScheduleDefinition = z.strictObject({
  /** The type of the jobs. */
  type: z.string(),
  /** The input of each job. */
  input: z.unknown(),
  /** `cron(minutes hours day-of-month month day-of-week year)` or `rate(number unit)`, as EventBridge Scheduler has them. */
  expression: z.string().check(z.maxLength(256)),
  /**
   * The IANA time zone of a cron expression.
   *
   * @defaultValue `UTC`
   */
  timezone: z._default(z.string().check(z.maxLength(50)), 'UTC'),
  /** When the schedule ends; without it, never. */
  endsAt: z.optional(z.iso.datetime({ offset: true })),
  /** Whether it creates no jobs for now. */
  paused: z._default(z.boolean(), false),
});
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;
/** The same as a client sends it, where defaults may be left out. */
export type NewSchedule = z.input<typeof ScheduleDefinition>;

/** A job that a schedule created. */
const Firing = z.strictObject({
  at: z.iso.datetime(),
  jobId: z.string(),
  status: z.enum(JOB_STATUSES),
  links: z.strictObject({ job: z.string() }),
});

/** A schedule as its tenant sees it. */
export const Schedule = z.extend(ScheduleDefinition, {
  name: z.string().check(z.regex(SCHEDULE_NAME)),
  timezone: z.string(),
  paused: z.boolean(),
  /** Absent if it is paused or has ended. */
  nextRunAt: z.optional(z.iso.datetime()),
  /** Its newest job that a consumer has seen; absent if there is none among the five newest times. */
  lastRun: z.optional(Firing),
  links: z.strictObject({ self: z.string() }),
});
export type Schedule = z.infer<typeof Schedule>;

/** A page of a tenant's schedules, in no particular order. */
export const ScheduleList = z.strictObject({ schedules: z.array(Schedule) });
export type ScheduleList = z.infer<typeof ScheduleList>;
