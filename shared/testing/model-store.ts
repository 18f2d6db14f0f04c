import type { ClaimAnswer } from '../attempt/claim.ts';
import type { JobStore, ParkedMessage } from '../attempt/ports.ts';
import type { Settlement } from '../attempt/settlement.ts';
import type { Fence } from '../attempt/submission.ts';
import { isSettled, type JobIdentity, type JobStatus } from '../contracts/job.ts';
import type { CancelAnswer } from '../job-store/cancels.ts';
import {
  fitsCancelling,
  isLate,
  keyOf,
  type ModelJob,
  refusal,
  scheduledBefore,
  stateOf,
  unseen,
} from './model-job.ts';

/** The jobs table in memory. `jobWrites` must give the same answers. */
export function modelStore() {
  const jobs = new Map<string, ModelJob>();
  const parked: ParkedMessage[] = [];
  const owns = (fence: Fence, statuses: JobStatus[]) => {
    const job = jobs.get(keyOf(fence));
    return job && job.attempt === fence.attempt && statuses.includes(job.status) ? job : undefined;
  };
  const end = (job: ModelJob, settlement: Settlement) => {
    job.status = settlement.outcome;
    job.blocks = 'blocks' in settlement && settlement.blocks !== undefined;
    job.outcomes.push(settlement);
  };
  const store: JobStore = {
    async claim(identity, options): Promise<ClaimAnswer> {
      const job = jobs.get(keyOf(identity));
      const { bodyDigest } = identity;
      const leaseUntil = options.leaseUntil.getTime();
      if (!job) {
        if (!options.evenIfNew) return { kind: 'new' };
        jobs.set(keyOf(identity), {
          ...unseen(identity),
          status: 'RUNNING',
          attempt: 1,
          leaseUntil,
          claimedAt: options.now,
        });
        return { kind: 'claimed', attempt: 1, attemptsBefore: 0, acceptedAt: identity.acceptedAt };
      }
      const opens = ['FAILED', 'EXPIRED'].includes(job.status) && identity.replay?.generation === job.generation + 1;
      if (opens) {
        const { attempt, generation } = job;
        Object.assign(job, {
          status: 'QUEUED',
          attempt: attempt + 1,
          attemptsBefore: attempt + 1,
          generation: generation + 1,
          error: undefined,
          blocks: false,
        });
      }
      const refused = refusal(job, bodyDigest, options);
      if (refused) return refused;
      Object.assign(job, { status: 'RUNNING', attempt: job.attempt + 1, leaseUntil, claimedAt: options.now });
      const { attempt, attemptsBefore, acceptedAt } = job;
      return { kind: 'claimed', attempt, attemptsBefore, acceptedAt };
    },
    async settle(fence, settlement) {
      const queued: JobStatus[] = settlement.outcome === 'FAILED' ? ['QUEUED'] : [];
      const job = owns(fence, ['RUNNING', 'WAITING', ...queued]);
      if (!job || !fitsCancelling(job, settlement)) return false;
      end(job, settlement);
      return true;
    },
    async handOver(fence, { at }) {
      const job = owns(fence, ['RUNNING', 'WAITING']);
      if (job?.leaseUntil === undefined) return undefined;
      delete job.leaseUntil;
      job.due = { kind: 'look', at: at.getTime() };
      return { soon: undefined, state: stateOf(job) };
    },
    async release(fence, { error }) {
      const job = owns(fence, ['RUNNING']);
      if (!job || job.cancelRequested) return false;
      Object.assign(job, { status: 'QUEUED', error });
      return true;
    },
    async refuse(identity, settlement) {
      if (jobs.has(keyOf(identity))) return false;
      const job: ModelJob = {
        ...unseen(identity),
        status: 'FAILED',
        error: settlement.error,
      };
      jobs.set(keyOf(identity), job);
      end(job, settlement);
      return true;
    },
    async hold(identity) {
      const job = jobs.get(keyOf(identity));
      if (job?.blocks) return 'held';
      return !job || isSettled(job.status) ? 'over' : 'open';
    },
    async unblock(identity) {
      const job = jobs.get(keyOf(identity));
      if (!job?.blocks) return false;
      job.blocks = false;
      return true;
    },
    isCancelRequested: async (identity) => jobs.get(keyOf(identity))?.cancelRequested === true,
    async schedule(identity) {
      const { bodyDigest, runAfter, expiresAfter } = identity;
      const reference = { pk: keyOf(identity), dueSort: '' };
      const job = jobs.get(keyOf(identity));
      if (job) return scheduledBefore(job, bodyDigest, reference);
      jobs.set(keyOf(identity), {
        ...unseen(identity),
        status: 'SCHEDULED',
        runAfter: runAfter.getTime(),
        ...(expiresAfter && { startBy: expiresAfter.getTime() }),
      });
      return { kind: 'scheduled', soon: { reference, at: runAfter } };
    },
    async expire(identity, settlement) {
      const late = { ...unseen(identity), startBy: settlement.now.getTime() };
      const job = jobs.get(keyOf(identity)) ?? late;
      if (job.bodyDigest !== identity.bodyDigest || !isLate(job, settlement.now)) return false;
      jobs.set(keyOf(identity), job);
      end(job, settlement);
      return true;
    },
    async recordProgress() {},
    async recordConflict(identity, { messageId }) {
      const job = jobs.get(keyOf(identity));
      if (job?.bodyDigest === undefined || job.bodyDigest === identity.bodyDigest || job.conflicts.at(-1) === messageId)
        return false;
      job.conflicts.push(messageId);
      return true;
    },
    async recordParked(message) {
      parked.push(message);
    },
  };
  /** Like `jobCancels`. @param unseen whether the client knows when the job was accepted */
  async function cancel(identity: JobIdentity, now: Date, unseen: boolean): Promise<CancelAnswer['kind']> {
    const job = jobs.get(keyOf(identity));
    if (!job && !unseen) return 'unknown';
    const outcome = { outcome: 'CANCELLED', now } as const;
    if (!job) {
      const tombstone = {
        acceptedAt: now,
        attempt: 0,
        attemptsBefore: 0,
        generation: 1,
        error: undefined,
        conflicts: [],
        outcomes: [outcome],
      };
      jobs.set(keyOf(identity), { status: 'CANCELLED', ...tombstone });
      return 'cancelled';
    }
    if (isSettled(job.status)) return 'settled';
    if (job.status === 'RUNNING' || job.status === 'WAITING') {
      job.cancelRequested = true;
      return 'requested';
    }
    end(job, outcome);
    return 'cancelled';
  }
  return { store, cancel, jobs, parked, jobOf: (identity: JobIdentity) => jobs.get(keyOf(identity)) };
}
