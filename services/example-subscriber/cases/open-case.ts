import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';

/** A failure that somebody must look at. */
export interface Case {
  /** The event's id. */
  pk: string;
  subject: string;
  tenant: string;
  reason: string;
  openedAt: string;
  /** How often the event came: more than once if EventBridge delivered it again, or if it was replayed from the archive. */
  deliveries: number;
}

/** Opens a case. The event's id is its key, so the same event opens only one, however often and in whatever order it comes. */
export async function openCase(
  dynamo: Pick<DynamoDBDocumentClient, 'send'>,
  table: string,
  { id, subject, type, time, data }: JobEvent,
): Promise<void> {
  const once: Omit<Case, 'pk' | 'deliveries'> = {
    subject,
    tenant: data.tenant,
    reason: data.error?.code ?? type,
    openedAt: time,
  };
  const fields = Object.keys(once);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: id },
      UpdateExpression: `SET ${fields.map((name) => `#${name} = if_not_exists(#${name}, :${name})`).join(', ')} ADD deliveries :one`,
      ExpressionAttributeNames: Object.fromEntries(fields.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ':one': 1,
        ...Object.fromEntries(Object.entries(once).map(([name, value]) => [`:${name}`, value])),
      },
    }),
  );
}
