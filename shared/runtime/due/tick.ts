import { timeOfPlace } from '../../job-store/due-places.ts';
import type { dueReads } from '../../job-store/due-reads.ts';
import type { dueQueue } from './due-queue.ts';

export interface TickTools {
  reads: Pick<ReturnType<typeof dueReads>, 'ofTick'>;
  due: Pick<ReturnType<typeof dueQueue>, 'sendAll'>;
  observer: { overdue(count: number): void };
  now(): Date;
}

/**
 * Sends references to everything that falls due in the minute after the next one, and to what is overdue.
 *
 * @param minute the minute that the tick belongs to. A tick that was late or repeated still reads what belongs to its minute.
 */
export async function tick(minute: Date, { reads, due, observer, now }: TickTools): Promise<void> {
  for await (const { overdue, references } of reads.ofTick(minute)) {
    await due.sendAll(
      references.map((reference) => ({ reference, at: timeOfPlace(reference.dueSort) })),
      now(),
    );
    if (overdue) observer.overdue(references.length);
  }
}

/** The start of the minute of a time. */
export const minuteOf = (time: string) => new Date(Math.floor(Date.parse(time) / 60_000) * 60_000);
