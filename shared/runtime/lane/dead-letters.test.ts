import type { SQSRecord } from 'aws-lambda';
import { inOrder } from './dead-letters.ts';

const record = (messageId: string, MessageGroupId: string, queue: string) =>
  ({ messageId, attributes: { MessageGroupId }, eventSourceARN: `arn:aws:sqs:eu-west-1:1:${queue}` }) as SQSRecord;

const handling = async (queue: string, failing: string) => {
  const handled: string[] = [];
  const records = [record('a-1', 'a', queue), record('b-1', 'b', queue), record('a-2', 'a', queue)];
  const again = await inOrder(records, async ({ messageId }) => {
    handled.push(messageId);
    return messageId !== failing;
  });
  return { handled, again };
};

describe('dead letters', () => {
  it('holds back the later dead letters of a key when one of them must come again to an ordered lane', async () => {
    expect(await handling('spillway-dev-ledger-dlq.fifo', 'a-1')).toEqual({
      handled: ['a-1', 'b-1'],
      again: ['a-1', 'a-2'],
    });
  });

  it('handles every dead letter of a standard lane even if an earlier one must come again', async () => {
    expect(await handling('spillway-dev-import-dlq', 'a-1')).toEqual({
      handled: ['a-1', 'b-1', 'a-2'],
      again: ['a-1'],
    });
  });
});
