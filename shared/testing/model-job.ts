import type { ClaimAnswer, ClaimOptions } from '../attempt/claim.ts';
import type { DueReference, ScheduleAnswer } from '../attempt/due-time.ts';
import type { Settlement } from '../attempt/settlement.ts';
import type { Submission } from '../attempt/submission.ts';
import { isSettled, type JobError, type JobIdentity, type JobStatus } from '../contracts/job.ts';
import type { DueKind } from '../job-store/row.ts';

/** A job in the model. */
export interface ModelJob {
  status: JobStatus;
  /** Of the message that a consumer saw first. */
  acceptedAt: Date;
  attempt: number;
  attemptsBefore: number;
  generation: number;
  /** Absent while the job goes on without its consumer. */
  leaseUntil?: number;
  /** When it was last claimed. */
  claimedAt?: Date;
  /** Absent if the job was cancelled before it was seen. */
  bodyDigest?: string;
  cancelRequested?: boolean;
  /** When a scheduled job may start. */
  runAfter?: number;
  /** When it expires. */
  startBy?: number;
  /** Its place in the due index. */
  due?: { kind: DueKind; at: number };
  error: JobError | undefined;
  conflicts: string[];
  /** Whether it has failed and blocks its order key. */
  blocks?: boolean;
  /** Every outcome that was ever written. There must be exactly one in the end. */
  outcomes: Settlement[];
}

/** The key of a job in the model. */
export const keyOf = ({ tenant, type, id }: JobIdentity) => JSON.stringify([tenant, type, id]);

/** The answer to a claim of a job that may not be claimed; undefined if it may. */
export function refusal(job: ModelJob, bodyDigest: string, options: ClaimOptions): ClaimAnswer | undefined {
  const { now } = options;
  const { status, attempt, leaseUntil } = job;
  if (job.bodyDigest !== undefined && job.bodyDigest !== bodyDigest) return { kind: 'other-body' };
  if (isSettled(status)) return { kind: 'settled', outcome: status, ...(job.blocks && { blocks: true }) };
  if (isWaiting(job, now)) return { kind: 'scheduled', runAfter: new Date(job.runAfter ?? now) };
  if (attempt === job.attemptsBefore && !options.evenIfNew) return { kind: 'new' };
  if (status === 'RUNNING' || status === 'WAITING') {
    if (leaseUntil === undefined) return { kind: 'started', attempt, acceptedAt: job.acceptedAt, state: stateOf(job) };
    if (leaseUntil >= now.getTime()) return { kind: 'owned', leaseUntil: new Date(leaseUntil) };
  }
  return refusalOfFree(job, options);
}

/** The refusal of a job that nobody owns. */
function refusalOfFree(job: ModelJob, options: ClaimOptions): ClaimAnswer | undefined {
  const { maxAttempts, evenIfVanished, resumes } = options;
  const { status, attempt, attemptsBefore } = job;
  if (job.cancelRequested) return { kind: 'cancelled', attempt, acceptedAt: job.acceptedAt };
  if (resumes && status !== 'QUEUED') return { kind: 'claimed', attempt, attemptsBefore, acceptedAt: job.acceptedAt };
  if (attempt - attemptsBefore >= maxAttempts)
    return { kind: 'exhausted', attempt, error: status === 'QUEUED' ? job.error : undefined };
  if (status === 'RUNNING' && !evenIfVanished) return { kind: 'vanished', attempt };
  return undefined;
}

const cancelIn = ({ cancelRequested }: ModelJob) =>
  cancelRequested ? ({ kind: 'cancelled', token: undefined } as const) : undefined;

/** A job that runs entered this status with its claim. */
export const stateOf = (job: ModelJob) => ({ untold: cancelIn(job), changedAt: job.claimedAt ?? job.acceptedAt });

/** Whether a job may have an outcome, by whether somebody asked to cancel it. */
export const fitsCancelling = ({ cancelRequested = false }: ModelJob, { outcome }: Settlement) =>
  outcome === 'SUCCEEDED' || cancelRequested === (outcome === 'CANCELLED');

/** The answer to scheduling a job that has a row. */
export function scheduledBefore(job: ModelJob, bodyDigest: string, reference: DueReference): ScheduleAnswer {
  const { status } = job;
  if (job.bodyDigest !== bodyDigest) return { kind: 'other-body' };
  if (isSettled(status)) return { kind: 'settled', outcome: status };
  const runAfter = job.runAfter === undefined ? undefined : new Date(job.runAfter);
  if (status !== 'SCHEDULED' || !runAfter) return { kind: 'entered', runAfter };
  return { kind: 'scheduled', soon: { reference, at: runAfter } };
}

/** A job that no consumer has seen. */
export const unseen = ({ bodyDigest, acceptedAt }: Submission): ModelJob => ({
  status: 'QUEUED',
  acceptedAt,
  attempt: 0,
  attemptsBefore: 0,
  generation: 1,
  bodyDigest,
  error: undefined,
  outcomes: [],
  conflicts: [],
});

const isWaiting = ({ status, runAfter = 0 }: ModelJob, now: Date) => status === 'SCHEDULED' && runAfter > now.getTime();

/** Whether a job was never attempted, and its time to start is over. */
export const isLate = ({ status, attempt, generation, startBy }: ModelJob, now: Date) =>
  attempt === 0 &&
  generation === 1 &&
  (status === 'SCHEDULED' || status === 'QUEUED') &&
  startBy !== undefined &&
  startBy <= now.getTime();
