import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { dueQueue, referencesIn } from './due-queue.ts';

const NOW = new Date('2026-11-27T00:00:00Z');
const dueIn = (ms: number, pk: string) => ({ reference: { pk, dueSort: 'd' }, at: new Date(NOW.getTime() + ms) });

/** A queue with what it received, which refuses messages with a reference. */
function queueWith(refused?: string) {
  const received: { delay: number | undefined; keys: string[] }[] = [];
  const send = async ({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) => {
    for (const { DelaySeconds, MessageBody = '' } of Entries) {
      received.push({ delay: DelaySeconds, keys: referencesIn(MessageBody).map(({ pk }) => pk) });
    }
    const failed = Entries.filter(({ MessageBody }) => refused && MessageBody?.includes(refused));
    return {
      Failed: failed.map(({ Id }) => ({ Id, Code: 'InvalidParameterValue', Message: 'no', SenderFault: true })),
    };
  };
  return { received, queue: dueQueue({ send } as unknown as SQSClient, 'arn:aws:sqs:eu-west-1:1:due') };
}

describe('the queue of references', () => {
  it('sends references that fall due in the same second together, and none before its time', async () => {
    const { received, queue } = queueWith();
    await queue.sendAll([dueIn(1, 'a'), dueIn(999, 'b'), dueIn(1001, 'c'), dueIn(-5000, 'd')], NOW);
    expect(received).toEqual([
      { delay: 1, keys: ['a', 'b'] },
      { delay: 2, keys: ['c'] },
      { delay: 0, keys: ['d'] },
    ]);
    await queue.sendAll(
      Array.from({ length: 26 }, (_, n) => dueIn(0, `e${n}`)),
      NOW,
    );
    expect(received.slice(3).map(({ keys }) => keys.length)).toEqual([25, 1]);
  });

  it('lets a reference come in the second after its time begins, and never before', async () => {
    const ahead = fc.integer({ min: 0, max: 900_000 });
    await fc.assert(
      fc.asyncProperty(ahead, async (ms) => {
        const { received, queue } = queueWith();
        await queue.sendAll([dueIn(ms, 'a')], NOW);
        const lateMs = (received[0]?.delay ?? 0) * 1000 - ms;
        expect([lateMs >= 0, lateMs < 1000]).toEqual([true, true]);
      }),
    );
  });

  it('says how many messages SQS refused, and sends the others', async () => {
    const { received, queue } = queueWith('bad');
    await expect(queue.sendAll([dueIn(0, 'bad'), dueIn(5000, 'good')], NOW)).rejects.toMatchObject({
      code: 'NOT_REFERRED',
      message: 'SQS refused 1 of 2 messages: no',
    });
    expect(received).toHaveLength(2);
  });
});
