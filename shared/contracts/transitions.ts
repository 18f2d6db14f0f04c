import type { JobStatus } from './job.ts';

/** Where a job comes from that has no row yet. */
export const UNSEEN = 'unseen';

/** What can happen to a job, with the statuses in which it can and the one in which the job is then. */
export interface Transition {
  from: readonly (JobStatus | typeof UNSEEN)[];
  to: JobStatus;
}

/**
 * The state machine of a job. A write that changes a status makes one of these transitions, and takes its condition from here
 * (shared/job-store/row-writer.ts). The diagram in docs/architecture.md shows them, and a test compares the two.
 */
export const TRANSITIONS = {
  schedule: { from: [UNSEEN], to: 'SCHEDULED' },
  'enter the lane': { from: ['SCHEDULED'], to: 'QUEUED' },
  claim: { from: [UNSEEN, 'QUEUED', 'SCHEDULED'], to: 'RUNNING' },
  /** The lease of the last attempt ended without an outcome. */
  'claim again': { from: ['RUNNING'], to: 'RUNNING' },
  'fail, to be tried again': { from: ['RUNNING'], to: 'QUEUED' },
  ask: { from: ['RUNNING'], to: 'WAITING' },
  decide: { from: ['WAITING'], to: 'RUNNING' },
  succeed: { from: ['RUNNING', 'WAITING'], to: 'SUCCEEDED' },
  /** `QUEUED`: its attempts are used up, or its lane gave up on it. */
  fail: { from: ['RUNNING', 'WAITING', 'QUEUED'], to: 'FAILED' },
  /** Its lane refuses its message. */
  'fail to enter the lane': { from: ['SCHEDULED'], to: 'FAILED' },
  refuse: { from: [UNSEEN], to: 'FAILED' },
  /** Its workflow gave up waiting. */
  expire: { from: ['RUNNING', 'WAITING'], to: 'EXPIRED' },
  /** It was not started in time. */
  'expire unstarted': { from: [UNSEEN, 'SCHEDULED', 'QUEUED'], to: 'EXPIRED' },
  cancel: { from: [UNSEEN, 'QUEUED', 'SCHEDULED'], to: 'CANCELLED' },
  /** It had been asked for while the job was under way. */
  'stop after a cancel': { from: ['RUNNING', 'WAITING'], to: 'CANCELLED' },
  replay: { from: ['FAILED', 'EXPIRED'], to: 'QUEUED' },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;
/** The transitions of jobs that have no row yet. */
export type FirstTransition = {
  [Name in TransitionName]: typeof UNSEEN extends (typeof TRANSITIONS)[Name]['from'][number] ? Name : never;
}[TransitionName];

/** Whether a job in one status may be in the other one next. */
export const isAllowed = (from: JobStatus | typeof UNSEEN, to: JobStatus): boolean =>
  Object.values<Transition>(TRANSITIONS).some((each) => each.to === to && each.from.includes(from));
