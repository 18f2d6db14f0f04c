import type { JobType } from '../contracts/job-type.ts';
import type { GoingState } from './claim.ts';
import type { Job, JobLogger, STARTED } from './job-code.ts';
import type { Archive, Files, JobStore, LaneReturns, Observer } from './ports.ts';
import type { ScheduleTools } from './schedule.ts';
import type { Attempt, AttemptedJob } from './submission.ts';

/** What handling a message needs. */
export interface AttemptTools<Input, Result> extends ScheduleTools {
  jobType: JobType<Input, Result>;
  /** A {@link Run}, or a {@link Start} if the job type's kind of run only starts its jobs. */
  run(input: Input, job: Job): Promise<Result | typeof STARTED>;
  /** Only for job types whose jobs are started and go on without their consumer. */
  goesOn?: GoingOn;
  store: JobStore;
  archive: Archive;
  files: Files;
  lane: LaneReturns;
  observer: Observer;
  loggerFor(job: Attempt['job']): JobLogger;
  now(): Date;
  random(): number;
}

/** What is done about jobs that go on without their consumer. */
export interface GoingOn {
  /** Looks at one: settles it if it has ended unseen, and sends its workflow what it may have missed. */
  look(job: AttemptedJob, state: GoingState): Promise<void>;
  /** When the first look is due, in seconds after the start. */
  firstLookSeconds: number;
}
