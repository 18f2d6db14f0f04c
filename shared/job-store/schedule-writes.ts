import type { ScheduleAnswer } from '../attempt/due-time.ts';
import type { JobStore } from '../attempt/ports.ts';
import type { Submission } from '../attempt/submission.ts';
import { isSettled } from '../contracts/job.ts';
import { JOB_RETENTION_SECONDS } from '../contracts/lane.ts';
import { ending, firstSeen } from './changes.ts';
import { isOtherBody } from './conflicts.ts';
import { duePlace, referenceSentByWriter } from './due-places.ts';
import { DUE_ATTRIBUTES, jobKey } from './keys.ts';
import type { JobRow } from './row.ts';
import { first, type rowWriter, seconds, setting, transition } from './row-writer.ts';

/** A row lives as long as others do, but from its start on: its message enters the lane only then. */
export const scheduledUntil = (runAfter: Date) => ({ expiresAt: seconds(runAfter) + JOB_RETENTION_SECONDS });

/** The writes for a job that may not start yet, or no longer; see {@link JobStore}. */
export function scheduleWrites(write: ReturnType<typeof rowWriter>): Pick<JobStore, 'schedule' | 'expire'> {
  return {
    async schedule(job, kept, now) {
      const { pk } = jobKey(job);
      const { keys, soon } = duePlace(pk, job.runAfter, now);
      const state = first('schedule', now);
      const seen = firstSeen(job);
      const fields = setting({
        ...keys,
        dueKind: 'start',
        kept,
        runAfter: job.runAfter.toISOString(),
        ...(job.expiresAfter && { startBy: job.expiresAfter.toISOString() }),
      });
      const answer = await write(job, {
        set: [...state.set, ...seen.set, ...fields.set, 'attempt = :zero'],
        condition: state.where,
        names: { ...seen.names, ...fields.names },
        values: {
          ...state.values,
          ...seen.values,
          ...fields.values,
          ':expiresAt': scheduledUntil(job.runAfter).expiresAt,
        },
      });
      if (!answer.written) return whyNot(answer.row, job);
      return { kind: 'scheduled', soon };
    },

    async expire(job, settlement) {
      const state = transition('expire unstarted', settlement.now);
      const end = ending(job, settlement, state);
      const seen = firstSeen(job);
      const answer = await write(job, {
        set: [...end.set, ...seen.set, 'attempt = :zero'],
        remove: [...DUE_ATTRIBUTES],
        // a replayed job's time to start is over long ago, and somebody still wants it
        condition: `${first('expire unstarted', settlement.now).where} OR (#bodyDigest = :bodyDigest AND attempt = :zero AND attribute_not_exists(generation) AND ${state.where} AND startBy <= :nowText)`,
        names: { ...end.names, ...seen.names },
        values: {
          ...end.values,
          ...seen.values,
          ...state.from,
          ':nowText': settlement.now.toISOString(),
        },
      });
      return answer.written;
    },
  };
}

/** Why a job could not be scheduled, according to the row that was found. */
function whyNot(row: JobRow | undefined, { id, bodyDigest }: Submission): ScheduleAnswer {
  if (!row) throw new Error(`job ${id} could not be scheduled, and DynamoDB did not return its row`);
  if (isOtherBody(row, bodyDigest)) return { kind: 'other-body' };
  if (isSettled(row.status)) return { kind: 'settled', outcome: row.status };
  const runAfter = row.runAfter === undefined ? undefined : new Date(row.runAfter);
  if (row.status !== 'SCHEDULED' || !runAfter) return { kind: 'entered', runAfter };
  return { kind: 'scheduled', soon: referenceSentByWriter(row, runAfter) };
}
