import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { packCalls } from './pack.ts';

/**
 * Puts records on a delivery stream.
 *
 * @returns the refused records; PutRecordBatch answers 200 even if some records fail
 */
export async function putRecords(client: Pick<FirehoseClient, 'send'>, stream: string, records: readonly string[]) {
  const refused: string[] = [];
  for (const call of packCalls(records)) {
    const { FailedPutCount, RequestResponses = [] } = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: stream,
        Records: call.map((record) => ({ Data: Buffer.from(record) })),
      }),
    );
    if (FailedPutCount) refused.push(...call.filter((_, index) => RequestResponses[index]?.ErrorCode));
  }
  return refused;
}
