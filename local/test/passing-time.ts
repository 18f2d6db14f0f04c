import { schedulePrefix } from '@spillway/shared/runtime/schedule-names.ts';
import { askEngine } from './ask-engine.ts';
import type { Tenant } from './deployed.ts';

/**
 * Lets a tenant's schedule send what it sends between two times (local/engine/patches/schedule_targets.py).
 *
 * @returns the times at which it fired
 */
export async function fireSchedule(tenant: Tenant, name: string, after: Date, until: Date): Promise<Date[]> {
  const path = `schedules/${schedulePrefix(tenant.clientId)}${name}`;
  const seconds = await askEngine<number[]>('POST', path, {
    after: after.getTime() / 1000,
    until: until.getTime() / 1000,
  });
  return seconds.map((each) => new Date(each * 1000));
}

/** Deletes the objects of a bucket whose lifecycle has ended by a time, of those whose keys begin with a prefix. */
export const expireObjects = (bucket: string, prefix: string, at: Date): Promise<null> =>
  askEngine('POST', `lifecycles/${bucket}/${prefix}`, { at: at.getTime() / 1000 });
