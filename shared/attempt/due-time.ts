import type { ClaimAnswer } from './claim.ts';

/** A reference to a job in the due index. It is worth nothing once the job has another place there, or none. */
export interface DueReference {
  pk: string;
  dueSort: string;
}

/** A reference that its writer must send, because the tick would find it too late, and when it falls due. */
export interface DueTime {
  reference: DueReference;
  at: Date;
}

/** The result of scheduling a job. */
export type ScheduleAnswer =
  /**
   * It waits in its row. That is also the answer to a duplicate message, whose reference may have been lost.
   * @param soon the reference to send now, and its time, if the job falls due before the tick would find it
   */
  | { kind: 'scheduled'; soon: DueTime | undefined }
  | Extract<ClaimAnswer, { kind: 'settled' | 'other-body' }>
  /** It was scheduled before, for `runAfter`, and has entered its lane. */
  | { kind: 'entered'; runAfter: Date | undefined };
