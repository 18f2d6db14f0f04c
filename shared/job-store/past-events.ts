import type { EventType } from '../contracts/events/event-types.ts';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { isSettled } from '../contracts/job.ts';
import type { Since } from '../contracts/socket.ts';
import { changedAtOf, type JobRow } from './row.ts';
import { acceptedEvent, eventOfRow, statusEvent } from './stream-events.ts';

/**
 * The events of a job since a revision or a time, as its row still shows them, in order. They have the ids that they had
 * before.
 *
 * The row has each state with its time, but keeps no revision of progress reports, reminders and conflicts. A job that had
 * none of them has every event. Of any other job, this is only the newest one, which says all that the job is now.
 */
export function pastEvents(row: JobRow, since: Since): JobEvent[] {
  if (typeof since === 'number') return eventsIn(row).filter(({ data }) => data.revision > since);
  const from = Date.parse(since);
  // when progress was reported is not known, so it may be new
  return eventsIn(row).filter(({ type, time }) => type === 'job.progressed' || Date.parse(time) > from);
}

function eventsIn(row: JobRow): JobEvent[] {
  if (row.revision !== row.history.length) return [newest(row)];
  const states = statesOf(row);
  const events = states.map((state, index) => tryEvent(state, statusEvent(state, states[index - 1])));
  return [acceptedEvent(row), ...events.flatMap((event) => event ?? [])];
}

/** The row as each state left it, as far as it is known. */
function statesOf(row: JobRow): (JobRow & { at: string })[] {
  const { runAfter, error, settledAt, progress: _, waitingFor, ...kept } = row;
  let attempt = 0;
  let generation = 1;
  return row.history.map(({ status, at }, index) => {
    const before = row.history[index - 1]?.status;
    const last = index === row.history.length - 1;
    if (before && isSettled(before)) {
      generation += 1;
      // a replay takes a number that no attempt has
      attempt += 1;
    }
    if (status === 'RUNNING' && before !== 'WAITING') attempt += 1;
    return {
      ...(last ? row : kept),
      ...(runAfter && { runAfter }),
      ...(isSettled(status) && { settledAt: at }),
      status,
      at,
      revision: index + 1,
      attempt,
      generation,
    };
  });
}

/** The event of a state, if what it must say is still known: the errors of earlier attempts are not. */
function tryEvent(state: JobRow & { at: string }, type: EventType | undefined): JobEvent | undefined {
  try {
    return eventOfRow(state, type, state.at);
  } catch {
    return undefined;
  }
}

/** The newest event of a job that had some beside its states. */
function newest(row: JobRow): JobEvent {
  const at = changedAtOf(row);
  const conflictedAt = row.conflictedAt ?? '';
  const conflicted = () => eventOfRow(row, 'job.conflicted', conflictedAt);
  if (isSettled(row.status)) {
    // nothing but a conflict comes after an outcome
    return conflictedAt > at ? conflicted() : eventOfRow(row, statusEvent(row, undefined), at);
  }
  const remindedAt = row.waitingFor?.remindedAt;
  if (remindedAt && remindedAt > conflictedAt) return eventOfRow(row, 'job.reminded', remindedAt);
  if (conflictedAt > at) return conflicted();
  return row.progress ? eventOfRow(row, 'job.progressed', at) : eventOfRow(row, statusEvent(row, undefined), at);
}
