import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RunStep, StepJob } from '@spillway/shared/attempt/job.ts';

/**
 * What the orders table knows of a job's order. Each attempt at the job takes the row over from the one before; what an
 * older attempt still tries to write is refused, so it can neither undo nor repeat what the newer one does.
 */
export interface OrderRow {
  /** The newest attempt that wrote here. */
  attempt: number;
  /** The newest attempt whose steps are being undone: it goes no further, however late one of its steps may come. */
  closed?: number;
  stock?: 'RESERVED' | 'RELEASED';
  /** `REFUNDING`: the provider may have undone the charge already, so nobody takes it for paid. */
  charge?: 'CHARGED' | 'DECLINED' | 'REFUNDING' | 'REFUNDED';
  chargeId?: string;
  /** Why the card was declined. */
  declined?: string;
  /** How often the payment provider was asked to charge. */
  tries?: number;
  /** How often a charge was undone: what is charged after that is a new charge, of this number. */
  refunds?: number;
  /** The number of the newest charge that the provider was asked for; its outcome may not be known. */
  asked?: number;
  /** When the customer was told. */
  notifiedAt?: string;
}

/** The table with its client, for what must be written together. */
export interface OrdersTable {
  dynamo: DynamoDBDocumentClient;
  table: string;
}

/** A newer attempt has the order, or this one is being undone. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  readonly code = 'ORDER_OVERTAKEN';

  constructor(job: StepJob) {
    super(`attempt ${job.attempt} no longer has the order: a newer one does, or it is being undone`);
  }
}

export const orderKey = ({ tenant, id }: StepJob) => ({ pk: `order#${tenant}#${id}` });
export const stockKey = ({ tenant }: StepJob, sku: string) => ({ pk: `stock#${tenant}#${sku}` });

/** An attempt's hold on the order, as conditions: for steps that go on, and for those that undo. */
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

/** A change as DynamoDB's UpdateItem takes it. */
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
 * @returns the row after it
 * @throws OvertakenError if its condition fails
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

/** A step that undoes: where a newer attempt has the order, there is nothing left to undo. */
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
