import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DueReference, DueTime } from '../../attempt/due-time.ts';
import type { Message } from '../../attempt/message.ts';
import type { JobIdentity } from '../../contracts/job.ts';
import { jobKey } from '../../job-store/keys.ts';
import type { JobRow } from '../../job-store/row.ts';
import type { LaneSender } from '../../runtime/due/lane-sender.ts';
import { memoryTable } from '../memory-table.ts';
import { modelExecutions } from './executions.ts';
import { type Fate, type FunctionRun, functionRun } from './function-run.ts';

export const TABLE = 'jobs';

/** A message in the lane or in its dead-letter queue. */
export interface LaneMessage {
  message: Message;
  visibleAt: number;
  dead: boolean;
}

/** Everything that a stage keeps, in memory, and the functions that are frozen. Only the test moves its clock. */
export function modelStage(wrote: (before: JobRow | undefined, after: JobRow) => void) {
  const clock = { ms: 1_790_000_000_000 };
  const table = memoryTable((before, after) =>
    wrote(before as JobRow | undefined, structuredClone(after) as unknown as JobRow),
  );
  const lane = new Map<string, LaneMessage>();
  const bucket = new Map<string, string>();
  const references: DueTime[] = [];
  const frozen: (() => Promise<void>)[] = [];
  const sfn = modelExecutions();
  let sent = 0;

  /** Puts a message, or a copy of one, into the lane. */
  function send({ attributes, body, groupId }: Pick<Message, 'attributes' | 'body' | 'groupId'>, afterSeconds = 0) {
    sent += 1;
    const messageId = `message-${sent}`;
    const sentAt = new Date(clock.ms);
    const message = { messageId, attributes, body, groupId, sentAt, receiveCount: 0 };
    lane.set(messageId, { message, visibleAt: clock.ms + afterSeconds * 1000, dead: false });
  }

  /** The stage's services, as one run of a function calls them. */
  function services(run: FunctionRun) {
    const { call } = run;
    const copy = (message: Message, jobId: string, afterSeconds: number) =>
      send({ ...message, attributes: { ...message.attributes, jobId } }, afterSeconds);
    const lanes: LaneSender = {
      send: (entries) =>
        call(() => {
          for (const { message, row } of entries) copy(message, row.jobId, 0);
          return { sent: [...entries], unsendable: [], broken: [] };
        }),
    };
    const refer = (reference: DueReference, at: Date) => call(() => void references.push({ reference, at }));
    return {
      dynamo: { send: (command: never) => call(() => table.client.send(command)) } as unknown as DynamoDBDocumentClient,
      sfn: sfn.clientOf(run),
      objects: {
        put: (key: string, text: string) => call(() => void bucket.set(key, text)),
        get: (key: string) => call(() => bucket.get(key)),
      },
      due: {
        send: refer,
        sendAll: async (due: readonly DueTime[]) => {
          for (const { reference, at } of due) await refer(reference, at);
        },
      },
      lanes,
      lane: {
        receiptOf: ({ messageId }: Message) => messageId,
        showAgainAfter: ({ messageId }: Message, seconds: number) =>
          call(() => {
            const found = lane.get(messageId);
            if (found) found.visibleAt = clock.ms + seconds * 1000;
          }),
        sendAgain: (message: Message, jobId: string, seconds: number) => call(() => copy(message, jobId, seconds)),
      },
    };
  }

  /** Runs a function. One that is frozen is kept, and the rest of it runs when it is let go on. */
  async function runFunction(fate: Fate, work: (run: FunctionRun) => Promise<void>): Promise<void> {
    const run = functionRun(fate);
    const rest = await run.start(() => work(run));
    if (rest) frozen.push(rest);
  }

  const now = () => new Date(clock.ms);
  const rowOf = (job: JobIdentity) => table.rows.get(jobKey(job).pk) as JobRow | undefined;
  return {
    clock,
    now,
    table,
    lane,
    bucket,
    references,
    frozen,
    executions: sfn.executions,
    send,
    services,
    runFunction,
    rowOf,
  };
}

export type ModelStage = ReturnType<typeof modelStage>;
export type Services = ReturnType<ModelStage['services']>;
