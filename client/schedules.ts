import type { SentOf } from '@spillway/shared/contracts/job-type.ts';
import type { NewSchedule, Schedule, ScheduleList } from '@spillway/shared/contracts/schedules.ts';
import { ask } from './asking.ts';
import type { FrontDoor } from './front-door.ts';
import type { Contracts, JOB_TYPES } from './job-types.ts';
import type { Patience } from './patience.ts';

/** The inputs by job type. */
type Inputs = { readonly [Name in keyof Contracts as (typeof JOB_TYPES)[Name]]: SentOf<Contracts[Name]> };

/** A schedule as it is written, with the input of its type. The type may also be a name that is known only at run time. */
export type ScheduleOf<Type extends string> = Omit<NewSchedule, 'type' | 'input'> & {
  type: Type;
  input: Type extends keyof Inputs ? Inputs[Type] : unknown;
};

/** A tenant's schedules. Every call may be repeated, and is while the front door is busy. */
export interface Schedules {
  /** Creates a schedule, or replaces the one of that name. @throws ClientError if it is refused */
  put<Type extends string>(name: string, schedule: ScheduleOf<Type>, patience?: Patience): Promise<Schedule>;
  /** Reads a schedule with its last and next run. @throws ClientError `NOT_FOUND` */
  get(name: string, patience?: Patience): Promise<Schedule>;
  /** All schedules, without their last runs. */
  list(patience?: Patience): Promise<Schedule[]>;
  /** Deletes a schedule. Its jobs stay. @throws ClientError `NOT_FOUND` */
  delete(name: string, patience?: Patience): Promise<void>;
}

const pathOf = (name: string) => `/schedules/${encodeURIComponent(name)}`;

export const schedules = (door: FrontDoor): Schedules => ({
  put: (name, schedule, patience = {}) =>
    ask(door, 'The schedule was refused', pathOf(name), { method: 'PUT', body: JSON.stringify(schedule) }, patience),
  get: (name, patience = {}) => ask(door, 'The schedule could not be read', pathOf(name), {}, patience),
  async list(patience = {}) {
    const { schedules: found } = await ask<ScheduleList>(
      door,
      'The schedules could not be listed',
      '/schedules',
      {},
      patience,
    );
    return found;
  },
  delete: (name, patience = {}) =>
    ask(door, 'The schedule could not be deleted', pathOf(name), { method: 'DELETE' }, patience),
});
