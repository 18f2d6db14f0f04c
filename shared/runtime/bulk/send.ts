import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentJobError } from '../../attempt/errors.ts';
import type { FileWriter, StepJob } from '../../attempt/job-code.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { type Entry, EntryError, readEntry } from '../lane/entry.ts';
import type { NewMessage, SendFailure } from '../lane/send-all.ts';
import { jsonOf, type Line, linesIn } from './lines.ts';

/** Enough for ten calls of ten messages at the same time. */
const LINES_AT_ONCE = 100;
/** With the messages made from them, this is about all that a sender holds. */
const BYTES_AT_ONCE = 4 * 1024 * 1024;

/** As often as a job's consumer looks (shared/attempt/cancel.ts): the step goes on when its workflow is stopped. */
const LOOK_EVERY_MS = 5000;

/** What became of a chunk: the number of its first line, and how many lines were submitted and refused. */
export type Sent = [line: number, submitted: number, refused: number];

export interface Sending {
  job: Pick<StepJob, 'tenant' | 'traceId' | 'attempt'>;
  jobType: JobType;
  upload: string;
  /** The number of the first line. */
  line: number;
  /** This sender's share of the rate. */
  perSecond: number;
  pieces: AsyncIterable<Uint8Array>;
  /** Puts messages into the lane. @returns what became of each, in order */
  send(messages: readonly NewMessage[]): Promise<SendFailure[]>;
  /** Where refused lines are written to. A file that is never written to is not created. */
  report: Pick<FileWriter, 'write'>;
  /** Whether the job is to be cancelled. */
  isCancelled(): Promise<boolean>;
  now(): Date;
}

/** The lane did not take a job. The chunk is sent again, with the same ids. */
export class LaneRefusedError extends Error {
  override readonly name = 'LaneRefusedError';
  readonly code = 'LANE_REFUSED';
}

/**
 * Checks the lines of a chunk by the contract and sends them, a group at a time and no faster than the rate. Sent again, each
 * line is the same job. It looks whether the job is cancelled before it sends anything, and then every five seconds.
 *
 * @throws PermanentJobError JOB_CANCELLED
 * @throws LaneRefusedError if the lane did not take a message, after retries
 */
export async function sendChunk(sending: Sending): Promise<Sent> {
  const { line: first, perSecond, pieces, send, report, isCancelled } = sending;
  const started = performance.now();
  let submitted = 0;
  let refused = 0;
  let group: NewMessage[] = [];
  let bytes = 0;
  const most = Math.max(1, Math.min(LINES_AT_ONCE, Math.floor(perSecond)));

  let looksAt = started;

  async function flush(): Promise<void> {
    if (performance.now() >= looksAt) {
      if (await isCancelled()) throw new PermanentJobError('JOB_CANCELLED', 'the job was cancelled');
      looksAt = performance.now() + LOOK_EVERY_MS;
    }
    const [code] = (await send(group)).filter((failure) => failure !== undefined);
    if (code !== undefined) throw new LaneRefusedError(`the lane of ${sending.jobType.name} refused a job: ${code}`);
    submitted += group.length;
    group = [];
    bytes = 0;
    // waits also after the last group, because the next chunk starts at once
    await sleep(Math.max(0, started + (submitted / perSecond) * 1000 - performance.now()));
  }

  for await (const line of linesIn(pieces, first)) {
    const entry = entryIn(line, sending);
    if (typeof entry === 'string') {
      refused += 1;
      await report.write(`${JSON.stringify({ line: line.number, reason: entry })}\n`);
      continue;
    }
    group.push(entry.message);
    bytes += line.bytes?.length ?? 0;
    if (group.length >= most || bytes >= BYTES_AT_ONCE) await flush();
  }
  if (group.length > 0) await flush();
  return [first, submitted, refused];
}

/** @returns the reason if the line cannot become a job */
function entryIn(line: Line, { job, jobType, upload, now }: Sending): Entry | string {
  const json = jsonOf(line);
  if (typeof json === 'string') return json;
  const defaultId = lineId(upload, line.number);
  const origin = {
    tenant: job.tenant,
    requestId: job.traceId,
    acceptedAt: now().getTime(),
    defaultId,
    shared: {},
    // another attempt is a replay, whose messages a FIFO queue must not drop
    deduplicationId: `${defaultId}.${job.attempt}`,
  };
  try {
    return readEntry(json.value, json.text, origin, jobType);
  } catch (thrown) {
    if (thrown instanceof EntryError) return thrown.message;
    throw thrown;
  }
}

/** The id of a line that names none: the same whenever the file is submitted, so that a client can also know it. */
export const lineId = (upload: string, line: number) => `${upload.replace(/^upload-/, '')}.${line}`;
