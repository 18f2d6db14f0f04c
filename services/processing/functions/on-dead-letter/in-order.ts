import type { SQSRecord } from 'aws-lambda';

/**
 * Handles records one by one. In a FIFO queue, what stands behind a record that must come again comes again with it, or
 * its key's jobs would change their order
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 *
 * @param handle answers whether the message may be deleted
 * @returns the ids of the messages that must come again
 */
export async function inOrder(
  records: readonly SQSRecord[],
  handle: (record: SQSRecord) => Promise<boolean>,
): Promise<string[]> {
  const again: string[] = [];
  const heldGroups = new Set<string>();
  for (const record of records) {
    const group = record.eventSourceARN.endsWith('.fifo') ? record.attributes.MessageGroupId : undefined;
    if (!(group && heldGroups.has(group)) && (await handle(record))) continue;
    again.push(record.messageId);
    if (group) heldGroups.add(group);
  }
  return again;
}
