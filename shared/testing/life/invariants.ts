import { isSettled } from '../../contracts/job.ts';
import { isAllowed, UNSEEN } from '../../contracts/transitions.ts';
import { isParked } from '../../job-store/keys.ts';
import { generationOf } from '../../job-store/replays.ts';
import type { JobRow } from '../../job-store/row.ts';

/** What a settled job no longer has. */
const GONE = ['dueKey', 'dueSort', 'dueKind', 'kept', 'leaseUntil', 'waitingFor', 'question'] as const;

/** What is wrong with a write of a job's row at a time; empty if nothing is. */
export function faultsOf(before: JobRow | undefined, after: JobRow, now: Date): string[] {
  if (isParked(after)) return [];
  const faults: string[] = [];
  const must = (holds: boolean, fault: string) => void (holds || faults.push(`${after.jobId}: ${fault}`));
  const old = before?.history ?? [];
  const entered = after.history.slice(old.length);
  const from = before?.status ?? UNSEEN;

  must(JSON.stringify(after.history.slice(0, old.length)) === JSON.stringify(old), 'its history was changed');
  must(entered.length <= 1, 'two statuses were entered at once');
  must(after.history.at(-1)?.status === after.status, 'its history does not end with its status');
  if (entered[0]) must(isAllowed(from, after.status), `it went from ${from} to ${after.status}`);
  else must(from === after.status, `it became ${after.status} without an entry in its history`);
  if (before) {
    must(after.attempt >= before.attempt, 'the number of its attempt decreased');
    must(after.revision >= before.revision, 'its revision decreased');
    must(generationOf(after) >= generationOf(before), 'its generation decreased');
    must(after.acceptedAt === before.acceptedAt, 'the time of its acceptance changed');
    must(!isEarly(before, after, now), 'it was started before its time');
  }
  const decision = faultOfDecision(before, after);
  must(decision === undefined, String(decision));
  const outcomes = after.history.filter(({ status }) => isSettled(status)).length;
  must(outcomes <= generationOf(after), `it has ${outcomes} outcomes in ${generationOf(after)} generations`);
  if (isSettled(after.status)) {
    for (const name of GONE) must(after[name] === undefined, `it is ${after.status} and has ${name}`);
  }
  if (after.status === 'SUCCEEDED') {
    const result = after.result && 'json' in after.result ? JSON.parse(after.result.json) : undefined;
    must(result?.n === after.attempt, `attempt ${after.attempt} was settled with the result of ${result?.n}`);
  }
  return faults;
}

/** What is wrong with what a row says of a decision; undefined if nothing is. */
function faultOfDecision(before: JobRow | undefined, after: JobRow): string | undefined {
  const { decided, status } = after;
  if (decided && status === 'WAITING') return 'it waits with a decision about an earlier question';
  if (!before?.decided) return undefined;
  if (generationOf(after) > generationOf(before)) return decided && 'its replay has the decision of before';
  const lost = isSettled(status) && JSON.stringify(decided) !== JSON.stringify(before.decided);
  return lost ? 'its decision was lost when it settled' : undefined;
}

const STARTED: readonly JobRow['status'][] = ['QUEUED', 'RUNNING'];

const isEarly = ({ status, runAfter = '' }: JobRow, after: JobRow, now: Date) =>
  status === 'SCHEDULED' && STARTED.includes(after.status) && runAfter > now.toISOString();
