import type { JobStatus } from './job.ts';

/** Where a job comes from that has no row yet. */
export const UNSEEN = 'unseen';

/** What can happen to a job, with the statuses in which it can and the one in which the job is then. */
export interface Transition {
  from: readonly (JobStatus | typeof UNSEEN)[];
  to: JobStatus;
}

/**
 * The state machine of a job: every write that changes a status. The diagram in docs/architecture.md shows it, and a test
 * compares them.
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
  succeed: { from: ['RUNNING', 'WAITING', 'QUEUED'], to: 'SUCCEEDED' },
  fail: { from: ['RUNNING', 'WAITING', 'QUEUED', 'SCHEDULED'], to: 'FAILED' },
  refuse: { from: [UNSEEN], to: 'FAILED' },
  expire: { from: ['RUNNING', 'WAITING', 'QUEUED', 'SCHEDULED', UNSEEN], to: 'EXPIRED' },
  cancel: { from: [UNSEEN, 'QUEUED', 'SCHEDULED'], to: 'CANCELLED' },
  /** It had been asked for while the job was under way. */
  'stop after a cancel': { from: ['RUNNING', 'WAITING'], to: 'CANCELLED' },
  replay: { from: ['FAILED', 'EXPIRED'], to: 'QUEUED' },
} as const satisfies Record<string, Transition>;

/** Whether a job in one status may be in the other one next. */
export const isAllowed = (from: JobStatus | typeof UNSEEN, to: JobStatus): boolean =>
  Object.values<Transition>(TRANSITIONS).some((each) => each.to === to && each.from.includes(from));
