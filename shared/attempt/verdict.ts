/** What happens to a message after it was handled. */
export type Verdict =
  /**
   * The message is handled and may be deleted; with `before`, only before that time. After it, the message may have come again
   * to another consumer, whose attempt lives on it.
   */
  | { kind: 'done'; before?: Date }
  /** The message must come again after some seconds. With a job id, it may be sent again for that job. */
  | { kind: 'again'; afterSeconds: number; jobId?: string }
  /**
   * Another attempt settled the job or is running it. This message may be the only one that the other attempt can be
   * tried again with, and on a standard lane even an old receipt handle may delete it
   * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html). So it must not be
   * deleted. Its visibility is the other attempt's business.
   */
  | { kind: 'overtaken' }
  /** The job has failed and blocks its order key: its message stays invisible at the head of the key. */
  | { kind: 'held' }
  /** The job's last attempt vanished: it may only run last and alone. */
  | { kind: 'vanished' }
  /** The message was received often, and its job was never attempted: it may only run last and alone. */
  | { kind: 'suspect' };

export const DONE: Verdict = { kind: 'done' };
export const OVERTAKEN: Verdict = { kind: 'overtaken' };

/** @param settled whether this attempt settled its job */
export const endOf = (settled: boolean): Verdict => (settled ? DONE : OVERTAKEN);

/** The whole seconds until a time, at least one, so that nothing comes again before it. */
export const secondsUntil = (time: Date, now: Date): number =>
  Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000));
