/**
 * The attribute of a schedule's message. Such a message comes from no submit, so it has the tenant besides, and no other
 * attributes.
 */
export const FIRING_ATTRIBUTE = 'firing';

/**
 * What a schedule's message says about its job. EventBridge Scheduler puts the time in, which is the planned one, so a
 * repeated firing is the same job
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
 */
export const firingOf = (name: string) => `${name} <aws.scheduler.scheduled-time>`;

const FIRING = /^([A-Za-z0-9_-]{1,40}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;

/** Reads the attribute that {@link firingOf} makes. @returns undefined if it has another form */
export function readFiring(text: string): { jobId: string; at: Date } | undefined {
  const [, name = '', time = ''] = FIRING.exec(text) ?? [];
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? undefined : { jobId: firingJobId(name, at), at };
}

/** The id of the job that a schedule creates for a time: `nightly`, 2026-11-27T03:00:00Z → `nightly-20261127T030000Z`. */
export const firingJobId = (name: string, at: Date) => `${name}-${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
