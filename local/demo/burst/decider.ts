import type { FrontDoor } from '@spillway/client/front-door.ts';
import { jobsOfType } from '@spillway/client/jobs-of-type.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { IGNORED_SECONDS } from './inputs.ts';
import { TRIES } from './patiently.ts';

/** One in so many documents is rejected. */
const REJECTED_SHARE = 7;

/** The people of a burst: they approve most documents, reject some, and leave those with little time to expire. */
export function decider(door: FrontDoor) {
  let asked = 0;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});

  function decide({ jobType, jobId, waitingFor }: JobEvent['data']): void {
    if (!waitingFor || Date.parse(waitingFor.until) - Date.parse(waitingFor.since) <= IGNORED_SECONDS * 1000) return;
    asked += 1;
    const decision = asked % REJECTED_SHARE === 0 ? 'reject' : 'approve';
    jobsOfType(door, jobType).decide(jobId, decision, { tries: TRIES }).catch(failure.reject);
  }

  return {
    decide,
    /** Rejects if a decision is refused; it never resolves. */
    failed: failure.promise,
  };
}
