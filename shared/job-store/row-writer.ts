import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { JobIdentity, JobStatus } from '../contracts/job.ts';
import { JOB_RETENTION_SECONDS } from '../contracts/lane.ts';
import {
  type FirstTransition,
  TRANSITIONS,
  type Transition,
  type TransitionName,
  UNSEEN,
} from '../contracts/transitions.ts';
import { jobKey } from './keys.ts';
import type { JobRow } from './row.ts';

/** A change of a row and its condition. */
export interface Change {
  set: string[];
  remove?: string[];
  condition: string;
  names?: Record<string, string>;
  values: Record<string, unknown>;
  /** What is returned of the row after the change. By default only what was changed. */
  returns?: 'UPDATED_NEW' | 'ALL_NEW';
}

export const seconds = (time: Date) => Math.floor(time.getTime() / 1000);

/** The transition of a job that has no row: what it writes, and its condition. */
export const first = (name: FirstTransition, now: Date) => ({
  ...entering(TRANSITIONS[name].to, now),
  where: 'attribute_not_exists(pk)',
});

/**
 * The transition of a job that has a row: what it writes, its condition, and the values of the condition, which are the statuses
 * in lower case, such as `:queued`.
 */
export function transition(name: TransitionName, now: Date) {
  const { from, to }: Transition = TRANSITIONS[name];
  const statuses = from.filter((status) => status !== UNSEEN);
  const placeholder = (status: JobStatus) => `:${status.toLowerCase()}`;
  return {
    ...entering(to, now),
    where: `#status IN (${statuses.map(placeholder).join(', ')})`,
    from: Object.fromEntries(statuses.map((status) => [placeholder(status), status])),
  };
}

/** What every change of state writes: the status, the revision, the history and the row's new expiry. */
const entering = (status: JobStatus, now: Date): Pick<Change, 'set' | 'values'> => ({
  set: [
    '#status = :status',
    'revision = if_not_exists(revision, :zero) + :one',
    'history = list_append(if_not_exists(history, :none), :entered)',
    'expiresAt = :expiresAt',
  ],
  values: {
    ':status': status,
    ':zero': 0,
    ':one': 1,
    ':none': [],
    ':entered': [{ status, at: now.toISOString() }],
    ':expiresAt': seconds(now) + JOB_RETENTION_SECONDS,
  },
});

/** Sets attributes to values. */
export function setting(fields: Record<string, unknown>) {
  const entries = Object.entries(fields);
  return {
    set: entries.map(([name]) => `#${name} = :${name}`),
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
  };
}

/** Writes changes of single rows, each on its condition. */
export function rowWriter(dynamo: DynamoDBDocumentClient, table: string) {
  /**
   * If a response is lost, the SDK sends the call again. If the change had already been made, its condition then fails,
   * but the write's id shows that it was ours.
   *
   * @returns the row before the change if its condition failed, else the row after it
   */
  return async (job: JobIdentity, { set, remove = [], condition, names, values, returns = 'UPDATED_NEW' }: Change) => {
    const writeId = randomUUID();
    try {
      const { Attributes } = await dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: jobKey(job),
          UpdateExpression: `SET ${['writeId = :writeId', ...set].join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: {
            // DynamoDB refuses a name that no expression uses
            ...([...set, condition].some((text) => text.includes('#status')) && { '#status': 'status' }),
            ...names,
          },
          ExpressionAttributeValues: { ':writeId': writeId, ...values },
          ReturnValues: returns,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { written: true, row: Attributes as Partial<JobRow> } as const;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const row = error.Item && (unmarshall(error.Item) as JobRow);
      return row?.writeId === writeId ? ({ written: true, row } as const) : ({ written: false, row } as const);
    }
  };
}
