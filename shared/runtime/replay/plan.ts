import { sha256 } from '../../attempt/digests.ts';
import type { Message } from '../../attempt/message.ts';
import { readSubmission } from '../../attempt/parse.ts';
import { NO_TENANT } from '../../contracts/failure.ts';
import { FIRING_ATTRIBUTE } from '../../contracts/firing.ts';
import type { JobIdentity } from '../../contracts/job.ts';
import { isSettled } from '../../contracts/job.ts';
import type { LaneOf } from '../../contracts/lane.ts';
import { REPLAY_ATTRIBUTE, REPLAY_OF_ATTRIBUTE, writeReplay } from '../../contracts/replay.ts';
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
  /** Sends a message into a lane. */
  send(lane: LaneOf, message: Message, jobId: string): Promise<void>;
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

/** How failures are replayed. */
export interface ReplayOrder {
  /** When the replay was asked for: what was replayed later has been done, by an earlier attempt at this replay. */
  since: Date;
  /** The replay's own id, if it makes a new job of each failure. */
  newJobsBy?: string | undefined;
}

/**
 * What a replay will do: nothing, because it has been done or is refused, or send a message and then write its row.
 * `replayedAs` is the id of the new job, if it is one.
 */
export type Plan =
  | { kind: 'done'; replayedAs?: string }
  | { kind: 'refused'; reason: Refusal }
  | { kind: 'send'; replayedAs?: string; ordered: boolean; send(): Promise<void>; write(): Promise<unknown> };

type Found = Awaited<ReturnType<ReplayTools['reads']['rowsOf']>>;

const refused = (code: string, message: string): Plan => ({ kind: 'refused', reason: { code, message } });

/** Plans the replay of one failure. */
export async function planReplay(target: Target, order: ReplayOrder, tools: ReplayTools): Promise<Plan> {
  if (target.tenant === NO_TENANT)
    return refused('NO_JOB', 'the message belongs to no job, so there is nothing to run');
  const found = await tools.reads.rowsOf(target);
  if (order.newJobsBy !== undefined) return planNewJob(target, found, newJobId(order.newJobsBy, target), tools);
  const { row, parked } = found;
  const lastReplay = row?.failures?.at(-1)?.replayedAt;
  if (!target.parked && lastReplay !== undefined && lastReplay >= order.since.toISOString()) return { kind: 'done' };
  if (row && !target.parked && row.replayedAs !== undefined) return replayedAs(row.replayedAs);
  if (row && !target.parked && isHeld(row, tools.now())) {
    // its own message is at the head of its key, before the later jobs
    return (await unblock(row, 'release', tools)) === undefined ? planReplay(target, order, tools) : { kind: 'done' };
  }
  if (row && !target.parked && isReplayable(row)) return planJob(target, row, tools);
  return refusalOf(target, row) ?? (parked ? planParked(target, parked, row, order.since, tools) : unknown);
}

const unknown = refused('UNKNOWN_FAILURE', 'there is no such failure, or its row has expired');

const replayedAs = (id: string) =>
  refused('ALREADY_REPLAYED', `the failure was replayed as job ${id}: if that one fails, replay it instead`);

/** Why a job whose row cannot be replayed is refused. @returns undefined if its parked message may still be replayed */
function refusalOf(target: Target, row: JobRow | undefined): Plan | undefined {
  if (row && isSettled(row.status)) return refused(`ALREADY_${row.status}`, `the job is ${row.status}`);
  if (row && !target.parked) return refused('NOT_SETTLED', `the job is ${row.status}: wait until it has an outcome`);
  return undefined;
}

async function planJob(job: JobIdentity, row: JobRow, tools: ReplayTools): Promise<Plan> {
  const generation = generationOf(row) + 1;
  const write = () => tools.store.reopen(job, row, tools.now());
  return planMessage(job, row.archiveKey, sameJob(job, generation, tools.now()), tools, write);
}

async function planParked(
  job: JobIdentity,
  parked: ParkedRow,
  row: JobRow | undefined,
  since: Date,
  tools: ReplayTools,
): Promise<Plan> {
  if (parked.replayedAs !== undefined) return replayedAs(parked.replayedAs);
  if (parked.replayedAt !== undefined) {
    if (parked.replayedAt >= since.toISOString()) return { kind: 'done' };
    return alreadyReplayed(parked.replayedAt);
  }
  const generation = row ? generationOf(row) : 1;
  const write = () => tools.store.markParked(job, tools.now());
  return planMessage(job, parked.archiveKey, sameJob(job, generation, tools.now()), tools, write);
}

const alreadyReplayed = (at: string) => refused('ALREADY_REPLAYED', `the message was replayed at ${at}`);

/** The id of the job that a replay makes of a failure: the same in each attempt at the replay, 32 hex digits. */
const newJobId = (replayId: string, { tenant, type, id }: JobIdentity) =>
  sha256(JSON.stringify([replayId, tenant, type, id])).slice(0, 32);

/** Plans a new job with the message of a failure, which keeps its outcome. */
async function planNewJob(target: Target, { row, parked }: Found, id: string, tools: ReplayTools): Promise<Plan> {
  const failed = row && !target.parked && isReplayable(row) ? row : undefined;
  const failure = failed ?? parked;
  if (failure?.replayedAs === id) return { kind: 'done', replayedAs: id };
  if (failed?.blockedKey !== undefined) {
    return refused('BLOCKS_KEY', `the job blocks its order key ${failed.blockedKey}: release it, or skip it first`);
  }
  const refusal = failed ? undefined : refusalOf(target, row);
  if (refusal) return refusal;
  if (!failure) return unknown;
  if (!failed && failure.replayedAt !== undefined && failure.replayedAs === undefined) {
    return alreadyReplayed(failure.replayedAt);
  }
  const write = () =>
    failed
      ? tools.store.markReplayedAs(target, failed, id, tools.now())
      : tools.store.markParked(target, tools.now(), id);
  const plan = await planMessage(target, failure.archiveKey, newJob(target, id, tools.now()), tools, write);
  return plan.kind === 'send' ? { ...plan, replayedAs: id } : plan;
}

/** As which job a message is sent, and with which attributes. */
interface SentAs {
  id: string;
  attributesOf(attributes: Message['attributes']): Message['attributes'];
}

const sameJob = ({ id }: JobIdentity, generation: number, now: Date): SentAs => ({
  id,
  attributesOf: (attributes) => ({ ...attributes, [REPLAY_ATTRIBUTE]: writeReplay({ generation, at: now }) }),
});

const newJob = (old: JobIdentity, id: string, now: Date): SentAs => ({
  id,
  // what a schedule or an earlier replay says is about the old job
  attributesOf: ({ [FIRING_ATTRIBUTE]: _, [REPLAY_ATTRIBUTE]: __, ...attributes }) => ({
    ...attributes,
    jobId: id,
    acceptedAt: String(now.getTime()),
    [REPLAY_OF_ATTRIBUTE]: old.id,
  }),
});

async function planMessage(
  job: JobIdentity,
  archiveKey: string | undefined,
  { id, attributesOf }: SentAs,
  { archive, send }: ReplayTools,
  write: () => Promise<unknown>,
): Promise<Plan> {
  const json = archiveKey === undefined ? undefined : await archive.get(archiveKey);
  if (json === undefined) return refused('NOT_IN_ARCHIVE', 'the archive does not have its message');
  const { message, lane } = JSON.parse(json) as ArchiveRecord;
  // it starts now, and operators decide that it is still wanted
  const { runAfter: _, expiresAfter: __, ...attributes } = message.attributes;
  const again: Message = { ...message, sentAt: new Date(message.sentAt), attributes: attributesOf(attributes) };
  const problem = readSubmission(again, job.type);
  if (typeof problem === 'string') return refused('NO_JOB', problem);
  return {
    kind: 'send',
    ordered: lane === 'ordered',
    send: () => send({ name: job.type, lane: { kind: lane } }, again, id),
    write,
  };
}
