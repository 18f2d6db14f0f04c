import type { Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { drain, inOrder } from './drain.ts';

const message = (MessageId: string, MessageGroupId: string): Message => ({ MessageId, Attributes: { MessageGroupId } });
const MESSAGES = [message('a-1', 'a'), message('b-1', 'b'), message('a-2', 'a')];

const handling = async (fifo: boolean, failing: string) => {
  const handled: string[] = [];
  await inOrder(MESSAGES, fifo, async ({ MessageId = '' }) => {
    handled.push(MessageId);
    return MessageId !== failing;
  });
  return handled.sort();
};

describe('dead letters', () => {
  it('holds back the later dead letters of a key when one of them must come again to an ordered lane', async () => {
    expect(await handling(true, 'a-1')).toEqual(['a-1', 'b-1']);
  });

  it('handles every dead letter of a standard lane even if an earlier one must come again', async () => {
    expect(await handling(false, 'a-1')).toEqual(['a-1', 'a-2', 'b-1']);
  });

  it('handles the dead letters of a key one after the other', async () => {
    const order: string[] = [];
    await inOrder(MESSAGES, true, async ({ MessageId = '' }) => {
      order.push(`${MessageId} begins`);
      await new Promise(setImmediate);
      order.push(`${MessageId} ends`);
      return true;
    });
    expect(order.indexOf('a-2 begins')).toBeGreaterThan(order.indexOf('a-1 ends'));
  });
});

describe('emptying a dead-letter queue', () => {
  const queueUrl = 'http://localhost/1/spillway-dev-import-dlq';
  /** A queue that answers with one batch after the other, and then with nothing. */
  const queueWith = (...batches: (Message[] | Error)[]) => {
    const received: ReceiveMessageCommand['input'][] = [];
    const send = async ({ input }: ReceiveMessageCommand) => {
      const batch = batches[received.push(input) - 1];
      if (batch instanceof Error) throw batch;
      return { Messages: batch };
    };
    return { received, client: { send } as unknown as SQSClient };
  };

  it('goes on until no more messages come', async () => {
    const { client } = queueWith(MESSAGES, [message('c-1', 'c')]);
    const handled: unknown[] = [];
    await drain(
      client,
      queueUrl,
      async ({ MessageId }) => handled.push(MessageId) > 0,
      () => true,
    );
    expect(handled).toEqual(['a-1', 'b-1', 'a-2', 'c-1']);
  });

  it('receives no further batch when its time is up', async () => {
    const { received, client } = queueWith(MESSAGES, MESSAGES);
    let batches = 0;
    await drain(
      client,
      queueUrl,
      async () => true,
      () => batches++ < 1,
    );
    expect(received).toHaveLength(1);
  });

  it('asks all servers of SQS, so that it does not miss the only message of a queue', async () => {
    const { received, client } = queueWith();
    await drain(
      client,
      queueUrl,
      async () => true,
      () => true,
    );
    expect(received[0]?.WaitTimeSeconds).toBeGreaterThan(0);
  });

  it('fails if the queue cannot be read', async () => {
    const { client } = queueWith(new Error('AccessDenied'));
    await expect(
      drain(
        client,
        queueUrl,
        async () => true,
        () => true,
      ),
    ).rejects.toThrow('AccessDenied');
  });
});
