import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminDoor } from '@spillway/client/admin-door.ts';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { jobsOfType } from '@spillway/client/jobs-of-type.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { type FailedJob, HIGHEST_RATE } from '@spillway/shared/contracts/failure.ts';
import type { Outcome } from '@spillway/shared/contracts/job.ts';
import { subjectOf } from './bus.ts';
import { patience } from './patience.ts';
import { patiently, TRIES } from './patiently.ts';
import type { AcceptedJob } from './send.ts';
import type { Sink } from './webhook-sink.ts';

const LOOK_EVERY_MS = 500;

interface Tools {
  door: FrontDoor;
  /** For the replays. */
  admin: Pick<AdminDoor, 'replay'>;
  sink: Pick<Sink, 'open'>;
  /** How long a job may take until it waits for its time. */
  patienceMs: number;
}

/** Who watches a mixed burst: cancels the jobs that are to be cancelled, and replays those that failed as planned. */
export function operator({ door, admin, sink, patienceMs }: Tools) {
  const toReplay = new Set<string>();
  const failures = new Map<string, FailedJob>();
  let cancelling = Promise.resolve();
  let replayed = 0;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});

  /** Waits until the job is in its row. The row of a job that is cancelled earlier has the trace of the cancellation. */
  async function cancel({ type, jobId }: AcceptedJob): Promise<void> {
    const left = patience(patienceMs);
    while ((await door.job(type, jobId)).body.status !== 'SCHEDULED' && left(0) > 0) await sleep(LOOK_EVERY_MS);
    await jobsOfType(door, type).cancel(jobId, { tries: TRIES });
  }

  return {
    accepted(job: AcceptedJob): void {
      if (job.way === 'replayed') toReplay.add(subjectOf(job));
      // one after the other, so that the looking costs the burst little
      if (job.way === 'cancelled') {
        cancelling = cancelling.then(() => cancel(job));
        cancelling.catch(failure.reject);
      }
    },

    settled({ tenant, jobType: type, jobId }: JobEvent['data'], outcome: Outcome): void {
      if (outcome === 'FAILED') failures.set(subjectOf({ type, jobId }), { tenant, type, jobId });
    },

    /**
     * Replays all jobs that failed as planned, once they all have. Call it when no more jobs are sent.
     *
     * @param forget called first, with the subject of each
     */
    async replay(forget: (subject: string) => void): Promise<void> {
      const planned = [...toReplay];
      const jobs = planned.map((subject) => failures.get(subject)).filter((job) => job !== undefined);
      if (replayed > 0 || jobs.length === 0 || jobs.length < planned.length) return;
      replayed = jobs.length;
      planned.forEach(forget);
      sink.open();
      await patiently('the replay', 202, () => admin.replay({ jobs, ratePerSecond: HIGHEST_RATE }));
    },

    /** Whether there is nothing left to replay. */
    isDone: () => replayed === toReplay.size,
    /** Rejects if a job cannot be cancelled; it never resolves. */
    failed: failure.promise,
  };
}
