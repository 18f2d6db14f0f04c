import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Answer, MadeDecision } from '../attempt/claim.ts';
import type { DueTime } from '../attempt/due-time.ts';
import type { Fence } from '../attempt/submission.ts';
import type { Decision, JobIdentity, JobStatus, WaitingFor } from '../contracts/job.ts';
import { lookPlace } from './look-place.ts';
import type { JobRow, OpenQuestion } from './row.ts';
import { rowWriter, transition } from './row-writer.ts';

/** A question that a workflow asks. */
export interface Question extends Pick<WaitingFor, 'question' | 'asked'> {
  /** The name of the question, unique in its workflow. */
  name: string;
  until: Date;
}

/** What became of a question that was asked: somebody has decided, or its attempt may no longer ask, also because of a cancel. */
export type Asked = 'waiting' | 'decided' | 'over';

/** The answer to a decision. */
export type DecideAnswer =
  /** It is recorded. The token lets the workflow go on. `soon` is the reference that must be sent, if there is one. */
  | ({ kind: 'decided'; soon: DueTime | undefined } & Answer)
  /** There is no such job, or no consumer has seen it yet. */
  | { kind: 'unknown' }
  | { kind: 'not-waiting'; status: JobStatus; decision: JobRow['decided']; cancelling?: true };

/**
 * The writes for a workflow that waits for a decision. The decision is kept in the row and counts there, whether or not the
 * workflow can be reached at that moment: it reads the row before it asks again and before it gives up.
 */
export function jobWaits(dynamo: DynamoDBDocumentClient, table: string) {
  const write = rowWriter(dynamo, table);
  const names = { '#question': 'question', '#name': 'name' };

  /**
   * Asks a question, or asks it again with a new token, for a reminder or because the step was repeated.
   *
   * @param token with it, Step Functions lets the workflow go on
   */
  async function ask(
    fence: Fence,
    { name, until, question, asked }: Question,
    { token, reminds, now }: { token: string; reminds: boolean; now: Date },
  ): Promise<Asked> {
    const state = transition('ask', now);
    const since = now.toISOString();
    const waitingFor: WaitingFor = {
      for: 'decision',
      question,
      ...(asked && { asked }),
      since,
      until: until.toISOString(),
    };
    const first = await write(fence, {
      set: [...state.set, 'waitingFor = :waitingFor', '#question = :asking'],
      // a decision about an earlier question does not count for this one
      remove: ['decided'],
      condition: `attempt = :attempt AND ${state.where} AND (attribute_not_exists(#question) OR #question.#name <> :name) AND attribute_not_exists(cancelRequestedAt)`,
      names,
      values: {
        ...state.values,
        ...state.from,
        ':waitingFor': waitingFor,
        ':asking': { name, token } satisfies OpenQuestion,
        ':name': name,
        ':attempt': fence.attempt,
      },
    });
    if (first.written) return 'waiting';
    const askedBefore = first.row?.waitingFor;
    const again = await write(fence, {
      set: [
        '#question.#token = :token',
        ...(reminds && !askedBefore?.remindedAt ? ['waitingFor.remindedAt = :now', 'revision = revision + :one'] : []),
      ],
      condition:
        'attempt = :attempt AND #status = :waiting AND #question.#name = :name AND attribute_not_exists(cancelRequestedAt)',
      names: { ...names, '#token': 'token' },
      values: {
        ':token': token,
        ':name': name,
        ':attempt': fence.attempt,
        ':waiting': 'WAITING',
        ...(reminds && !askedBefore?.remindedAt && { ':now': since, ':one': 1 }),
      },
    });
    if (again.written) return 'waiting';
    return decisionIn(again.row, fence, name) ? 'decided' : 'over';
  }

  /**
   * Records the decision of a waiting job, once.
   *
   * @param lookAt when the job is to be looked at, in case its workflow misses the decision
   */
  async function decide(
    job: JobIdentity,
    decision: Decision,
    { now, lookAt }: { now: Date; lookAt: Date },
  ): Promise<DecideAnswer> {
    const { fields, soon } = lookPlace(job, { at: lookAt, now });
    const state = transition('decide', now);
    const made: MadeDecision = { ...decision, at: now.toISOString() };
    const { written, row } = await write(job, {
      set: [...state.set, ...fields.set, 'decided = :decision'],
      remove: ['waitingFor'],
      condition: `${state.where} AND attribute_not_exists(#question.closed) AND attribute_not_exists(cancelRequestedAt)`,
      names: { '#question': 'question', ...fields.names },
      values: {
        ...state.values,
        ...state.from,
        ...fields.values,
        ':decision': made,
      },
      returns: 'ALL_NEW',
    });
    if (written) return { kind: 'decided', token: row?.question?.token ?? '', decision: made, soon };
    if (!row?.status) return { kind: 'unknown' };
    const { status, decided, cancelRequestedAt } = row;
    return {
      kind: 'not-waiting',
      status,
      decision: decided,
      ...(cancelRequestedAt && { cancelling: true }),
    };
  }

  /** Ends the time for a decision, unless there is one. @returns the decision, `none`, or `over` as for {@link ask} */
  async function close(fence: Fence, name: string): Promise<MadeDecision | 'none' | 'over'> {
    const { written, row } = await write(fence, {
      set: ['#question.closed = :closed'],
      condition: 'attempt = :attempt AND #status = :waiting AND #question.#name = :name',
      names,
      values: { ':closed': true, ':attempt': fence.attempt, ':waiting': 'WAITING', ':name': name },
    });
    return written ? 'none' : (decisionIn(row, fence, name) ?? 'over');
  }

  return { ask, decide, close };
}

/** The decision about an attempt's question. */
const decisionIn = (row: Partial<JobRow> | undefined, { attempt }: Fence, name: string): MadeDecision | undefined =>
  row?.status === 'RUNNING' && row.attempt === attempt && row.question?.name === name ? row.decided : undefined;
