import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RunStep, StepJob } from '@spillway/shared/attempt/job-code.ts';

/**
 * The state of a job's order in the orders table. Each attempt at the job takes the row over from the previous one. Later
 * writes of an older attempt are refused, so it can neither undo nor repeat what the newer one does.
 */
export interface OrderRow {
  /** The newest attempt that wrote here. */
  attempt: number;
  /** The newest attempt whose steps are being undone. None of its steps may run any more, however late it comes. */
  closed?: number;
  stock?: 'RESERVED' | 'RELEASED';
  /** `REFUNDING`: the provider may have refunded the charge already, so it no longer counts as paid. */
  charge?: 'CHARGED' | 'DECLINED' | 'REFUNDING' | 'REFUNDED';
  chargeId?: string;
  /** Why the card was declined. */
  declined?: string;
  /** How often the payment provider was asked to charge. */
  tries?: number;
  /** How many charges were refunded. This is also the number of the next charge. */
  refunds?: number;
  /** The number of the newest charge that was requested from the provider; its outcome may be unknown. */
  asked?: number;
  /** When the customer was notified. */
  notifiedAt?: string;
}

/** The orders table and a client for it. */
export interface OrdersTable {
  dynamo: DynamoDBDocumentClient;
  table: string;
}

/** A newer attempt has taken over the order, or this attempt is being undone. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  readonly code = 'ORDER_OVERTAKEN';

  constructor(job: StepJob) {
    super(
      `attempt ${job.attempt} no longer owns the order: a newer attempt has taken over, or this one is being undone`,
    );
  }
}

export const orderKey = ({ tenant, id }: StepJob) => ({ pk: `order#${tenant}#${id}` });
export const stockKey = ({ tenant }: StepJob, sku: string) => ({ pk: `stock#${tenant}#${sku}` });

/** The conditions on which an attempt may change the order: for steps that move it forward, and for steps that undo. */
export const GOING_ON =
  '(attribute_not_exists(attempt) OR attempt <= :attempt) AND (attribute_not_exists(closed) OR closed < :attempt)';
export const UNDOING = '(attribute_not_exists(attempt) OR attempt <= :attempt)';

/** One change of the order's row by an attempt. */
export interface OrderChange {
  set: string;
  condition: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

/** A change as the input of DynamoDB's UpdateItem. */
export const orderUpdate = (table: string, job: StepJob, { set, condition, names, values }: OrderChange) => ({
  TableName: table,
  Key: orderKey(job),
  UpdateExpression: `SET attempt = :attempt, ${set}`,
  ConditionExpression: condition,
  ...(names && { ExpressionAttributeNames: names }),
  ExpressionAttributeValues: { ':attempt': job.attempt, ...values },
});

/**
 * Changes the order's row.
 *
 * @returns the row after the change
 * @throws OvertakenError if the change's condition fails
 */
export async function changeOrder(
  { dynamo, table }: OrdersTable,
  job: StepJob,
  change: OrderChange,
): Promise<OrderRow> {
  try {
    const command = new UpdateCommand({ ...orderUpdate(table, job, change), ReturnValues: 'ALL_NEW' });
    return (await dynamo.send(command)).Attributes as OrderRow;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw new OvertakenError(job);
    throw error;
  }
}

/** Wraps a step that undoes: if a newer attempt has taken over the order, there is nothing left to undo. */
export const unlessOvertaken =
  <Input>(run: RunStep<Input, void>): RunStep<Input, void> =>
  async (input, job) => {
    try {
      await run(input, job);
    } catch (error) {
      if (!(error instanceof OvertakenError)) throw error;
      job.logger.info(error.message);
    }
  };
