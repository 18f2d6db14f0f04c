import type { JobType } from '../contracts/job-type.ts';
import { HOLD_SECONDS, heldUntil, laneOf, stopsKeys } from '../contracts/lane.ts';
import { orderedGroup } from '../contracts/submit-attributes.ts';
import type { Message } from './message.ts';
import type { JobStore, LaneReturns, Observer } from './ports.ts';
import type { BlockedKey } from './settlement.ts';
import type { Submission } from './submission.ts';
import { DONE, type Verdict } from './verdict.ts';

/** What blocking an order key needs. */
export interface BlockTools {
  jobType: JobType;
  store: Pick<JobStore, 'hold' | 'unblock'>;
  lane: Pick<LaneReturns, 'showAgainAfter' | 'receiptOf'>;
  observer: Pick<Observer, 'blocking' | 'ranOn' | 'dropped'>;
  now(): Date;
}

/** The order key that a job stops if it fails; undefined if its lane goes on. */
export const blockedBy = (
  { groupId = '', sentAt }: Message,
  { tenant }: Pick<Submission, 'tenant'>,
  { jobType }: { jobType: Pick<JobType, 'lane'> },
): BlockedKey | undefined =>
  stopsKeys(jobType)
    ? { orderKey: groupId.slice(orderedGroup(tenant, '').length), until: heldUntil(sentAt) }
    : undefined;

/**
 * Lets the message of a job that blocks its order key stay at the head of the key, invisible, so that SQS holds back the later
 * ones. Its receipt handle is recorded only after that: a release that comes in between finds none, and is noticed here.
 */
export async function hold(
  message: Message,
  job: Submission,
  { jobType, store, lane, observer, now }: BlockTools,
): Promise<Verdict> {
  const reason = stopsKeys(jobType)
    ? cannotHold(message, laneOf(jobType).maxReceiveCount, now())
    : 'its lane does not stop keys any more';
  if (reason) {
    if (await store.unblock(job)) observer.ranOn(job, reason);
    return DONE;
  }
  await lane.showAgainAfter(message, HOLD_SECONDS);
  switch (await store.hold(job, lane.receiptOf(message))) {
    case 'held':
      observer.blocking(job, Math.round((now().getTime() - message.sentAt.getTime()) / 1000));
      return { kind: 'held' };
    case 'open':
      return { kind: 'again', afterSeconds: 0 };
    case 'over':
      observer.dropped(job, 'it does not block its order key');
      return DONE;
  }
}

/** Why the lane cannot hold a message until it is received once more, or undefined. */
function cannotHold({ sentAt, receiveCount }: Message, maxReceiveCount: number, now: Date): string | undefined {
  if (heldUntil(sentAt) <= now) return 'a lane holds a key for 13 days only';
  // its next receive would move it to the dead-letter queue, and the later messages of its key would run, too
  if (receiveCount >= maxReceiveCount) return 'its message was received as often as a lane allows';
  return undefined;
}
