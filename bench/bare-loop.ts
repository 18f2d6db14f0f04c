import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { inputOf } from '@spillway/demo/burst/inputs.ts';
import { SENDERS } from '@spillway/demo/burst/send.ts';
import type { Engine } from '@spillway/engine/engine.ts';
import { JOB_TYPE } from './pipe.ts';

/**
 * Only the calls that a job needs, on a separate queue and table: with the same message, batch size and concurrency as in
 * the pipeline, but from one process.
 *
 * @returns a function that runs the given number of messages through the loop and returns the milliseconds that this took
 */
export async function runBareLoop({ endpoint }: Engine) {
  const sqs = new SQSClient({ endpoint });
  const dynamo = new DynamoDBClient({ endpoint });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench-bare-loop' }));
  const TableName = 'bench-bare-loop';
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );

  const write = (pk: string, status: string, body: string) =>
    dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: { pk: { S: pk } },
        UpdateExpression: 'SET #status = :status, body = :body',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': { S: status }, ':body': { S: body } },
      }),
    );

  return async (count: number): Promise<number> => {
    let sent = 0;
    let done = 0;
    const sender = async () => {
      while (sent < count) {
        const MessageBody = JSON.stringify(inputOf(JOB_TYPE, sent, ''));
        sent += 1;
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
    };
    const consumer = async () => {
      while (done < count) {
        const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: JOB_TYPE.batchSize });
        const { Messages = [] } = await sqs.send(receive);
        for (const { MessageId = '', Body = '' } of Messages) {
          await write(MessageId, 'RUNNING', Body);
          await write(MessageId, 'SUCCEEDED', Body);
        }
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        done += Messages.length;
      }
    };
    const start = performance.now();
    const senders = Array.from({ length: SENDERS }, sender);
    const consumers = Array.from({ length: JOB_TYPE.maxConcurrency }, consumer);
    await Promise.all([...senders, ...consumers]);
    return performance.now() - start;
  };
}
