import type { Message } from './message.ts';
import type { JobStore, Observer } from './ports.ts';
import type { Submission } from './submission.ts';

/** What dropping a conflicting duplicate needs. */
export interface ConflictTools {
  store: Pick<JobStore, 'recordConflict'>;
  observer: Pick<Observer, 'dropped'>;
  now(): Date;
}

/** Drops a message whose job has another body. The job only counts it, so that its client can see the mistake. */
export async function dropConflict({ messageId }: Message, job: Submission, tools: ConflictTools): Promise<void> {
  await tools.store.recordConflict(job, { messageId, now: tools.now() });
  tools.observer.dropped(job, 'another body was submitted under this id before');
}
