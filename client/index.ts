import type { InputOf, ResultOf } from '@spillway/shared/contracts/job-type.ts';
import { type Cancellations, cancellations } from './cancellations.ts';
import { type Access, type FrontDoor, frontDoor, type LastingAccess } from './front-door.ts';
import { type Contracts, JOB_TYPES } from './job-types.ts';
import { type JobsOfType, jobsOfType } from './jobs-of-type.ts';
import { type Schedules, schedules } from './schedules.ts';

export { type AccessToken, type TokenSource, tokenSource } from './access-token.ts';
export type { BatchEntry, BatchOutcome } from './batches.ts';
export type { CancelFilter, Cancellation, Cancellations } from './cancellations.ts';
export { ClientError, type ProblemDocument } from './errors.ts';
export type { Job, JobReference } from './job.ts';
export type { JobsOfType, ListQuery, PageQuery } from './jobs-of-type.ts';
export type { Patience } from './patience.ts';
export type { Schedules } from './schedules.ts';
export type { SubmitChoices } from './submit-choices.ts';
export type { WaitOptions } from './wait-for.ts';

/** Where a front door is, and who calls it. */
export type ClientOptions = {
  /** The URL of the stage, such as `https://x.execute-api.eu-west-1.amazonaws.com/prod`. */
  apiUrl: string;
} & (Access | LastingAccess);

/** A client of a front door, for one tenant. */
export interface Client {
  /** The jobs of each type, with the types of its contract. */
  jobs: {
    readonly [Name in keyof Contracts]: JobsOfType<InputOf<Contracts[Name]>, ResultOf<Contracts[Name]>>;
  };
  /** The jobs of a type whose name is known only while the program runs. */
  jobsOf(type: string): JobsOfType<unknown, unknown>;
  /** The jobs that cancel others, which `cancelAll` submits. */
  cancellations: Cancellations;
  /** The tenant's schedules, which submit jobs again and again. */
  schedules: Schedules;
}

/** Makes a client. Nothing is sent until it is used. */
export const createClient = ({ apiUrl, ...access }: ClientOptions): Client => clientOf(frontDoor({ apiUrl }, access));

/** The client above an open front door. */
export function clientOf(door: FrontDoor): Client {
  const entries = Object.entries(JOB_TYPES).map(([name, type]) => [name, jobsOfType(door, type)]);
  return {
    jobs: Object.fromEntries(entries) as Client['jobs'],
    jobsOf: (type) => jobsOfType(door, type),
    cancellations: cancellations(door),
    schedules: schedules(door),
  };
}
