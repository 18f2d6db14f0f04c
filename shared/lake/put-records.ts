import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type Destination, sendCalls } from '../runtime/stream/delivery.ts';
import { packCalls } from './pack.ts';

/** Puts records of facts on a delivery stream. PutRecordBatch answers 200 even if some records fail. */
export const firehoseDestination = (client: Pick<FirehoseClient, 'send'>, stream: string): Destination<string> => ({
  name: 'firehose',
  send: (records, abortSignal) =>
    sendCalls(packCalls(records), async (call) => {
      const Records = call.map((record) => ({ Data: Buffer.from(record) }));
      const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
      const { RequestResponses = [] } = await client.send(command, { abortSignal });
      return call.flatMap((entry, index) => {
        const code = RequestResponses[index]?.ErrorCode;
        return code ? [{ entry, code, forGood: false }] : [];
      });
    }),
});
