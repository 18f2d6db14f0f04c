import { readSubmission } from '../../attempt/parse.ts';
import type { Message } from '../../attempt/ports.ts';
import { NO_TENANT } from '../../contracts/failure.ts';
import type { JobIdentity } from '../../contracts/job.ts';
import { isSettled } from '../../contracts/job.ts';
import { laneName } from '../../contracts/lane.ts';
import { REPLAY_ATTRIBUTE, writeReplay } from '../../contracts/replay.ts';
import type { failureReads } from '../../job-store/failures.ts';
import { generationOf, isReplayable, type jobReplays } from '../../job-store/replays.ts';
import type { JobRow, ParkedRow } from '../../job-store/row.ts';
import type { ArchiveRecord } from '../lane/archive.ts';
import type { Objects } from '../objects.ts';
import { isHeld, type UnblockTools, unblock } from '../unblock.ts';

/** What a replay needs. */
export interface ReplayTools {
  reads: Pick<ReturnType<typeof failureReads>, 'rowsOf'>;
  store: ReturnType<typeof jobReplays> & UnblockTools['store'];
  show: UnblockTools['show'];
  archive: Pick<Objects, 'get'>;
  /** Sends a message into a lane, whose name depends on the stage. */
  send(lane: (stage: string) => string, message: Message, jobId: string): Promise<void>;
  now(): Date;
}

/** A failure to replay: a job, or if that has no row that can be replayed, its parked message. */
export interface Target extends JobIdentity {
  /** Only the parked message is meant. */
  parked?: boolean;
}

/** Why something is not replayed. */
export interface Refusal {
  code: string;
  message: string;
}

/** What a replay will do: nothing, because it has been done or is refused, or send a message and then write its row. */
export type Plan =
  | { kind: 'done' }
  | { kind: 'refused'; reason: Refusal }
  | { kind: 'send'; ordered: boolean; send(): Promise<void>; write(): Promise<unknown> };

const refused = (code: string, message: string): Plan => ({ kind: 'refused', reason: { code, message } });

/**
 * Plans the replay of one failure.
 *
 * @param since when the replay was asked for: what was replayed later has been done, by an earlier attempt at this replay
 */
export async function planReplay(target: Target, since: Date, tools: ReplayTools): Promise<Plan> {
  if (target.tenant === NO_TENANT)
    return refused('NO_JOB', 'the message belongs to no job, so there is nothing to run');
  const { row, parked } = await tools.reads.rowsOf(target);
  const lastReplay = row?.failures?.at(-1)?.replayedAt;
  if (!target.parked && lastReplay !== undefined && lastReplay >= since.toISOString()) return { kind: 'done' };
  if (row && !target.parked && isHeld(row, tools.now())) {
    // its own message is at the head of its key, before the later jobs
    return (await unblock(row, 'release', tools)) === undefined ? planReplay(target, since, tools) : { kind: 'done' };
  }
  if (row && !target.parked && isReplayable(row)) return planJob(target, row, tools);
  if (row && isSettled(row.status)) return refused(`ALREADY_${row.status}`, `the job is ${row.status}`);
  if (row && !target.parked) return refused('NOT_SETTLED', `the job is ${row.status}: wait until it has an outcome`);
  if (parked) return planParked(target, parked, row, since, tools);
  return refused('UNKNOWN_FAILURE', 'there is no such failure, or its row has expired');
}

async function planJob(job: JobIdentity, row: JobRow, tools: ReplayTools): Promise<Plan> {
  const generation = generationOf(row) + 1;
  return planMessage(job, row.archiveKey, generation, tools, () => tools.store.reopen(job, row, tools.now()));
}

async function planParked(
  job: JobIdentity,
  parked: ParkedRow,
  row: JobRow | undefined,
  since: Date,
  tools: ReplayTools,
): Promise<Plan> {
  if (parked.replayedAt !== undefined) {
    if (parked.replayedAt >= since.toISOString()) return { kind: 'done' };
    return refused('ALREADY_REPLAYED', `the message was replayed at ${parked.replayedAt}`);
  }
  const generation = row ? generationOf(row) : 1;
  return planMessage(job, parked.archiveKey, generation, tools, () => tools.store.markParked(job, tools.now()));
}

async function planMessage(
  job: JobIdentity,
  archiveKey: string | undefined,
  generation: number,
  { archive, send, now }: ReplayTools,
  write: () => Promise<unknown>,
): Promise<Plan> {
  const json = archiveKey === undefined ? undefined : await archive.get(archiveKey);
  if (json === undefined) return refused('NOT_IN_ARCHIVE', 'the archive does not have its message');
  const { message, lane } = JSON.parse(json) as ArchiveRecord;
  // it starts now, and operators decide that it is still wanted
  const { runAfter: _, expiresAfter: __, ...attributes } = message.attributes;
  const again: Message = {
    ...message,
    sentAt: new Date(message.sentAt),
    attributes: { ...attributes, [REPLAY_ATTRIBUTE]: writeReplay({ generation, at: now() }) },
  };
  const problem = readSubmission(again, job.type);
  if (typeof problem === 'string') return refused('NO_JOB', problem);
  return {
    kind: 'send',
    ordered: lane === 'ordered',
    send: () => send((stage) => laneName({ name: job.type, lane: { kind: lane, orderKey: '' } }, stage), again, job.id),
    write,
  };
}
