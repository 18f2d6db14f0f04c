import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { type QueueMessage, sendMessages } from './send-messages.ts';

interface Failure {
  Id: string;
  Code: string;
  SenderFault: boolean;
}

/** A queue that refuses the given messages. Each call is noted as the bodies in it. */
function queueThat(refuses: (body: string, call: number) => Omit<Failure, 'Id'> | undefined = () => undefined) {
  const calls: string[][] = [];
  const send = async ({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) => {
    calls.push(Entries.map(({ MessageBody = '' }) => MessageBody));
    const Failed = Entries.flatMap(({ Id = '', MessageBody = '' }) => {
      const failure = refuses(MessageBody, calls.length);
      return failure ? [{ Id, ...failure }] : [];
    });
    return { Failed };
  };
  return { calls, sqs: { send } as unknown as SQSClient };
}

const messages = (...bodies: string[]): QueueMessage[] =>
  bodies.map((MessageBody) => ({
    MessageBody,
    MessageAttributes: { tenant: { DataType: 'String', StringValue: 't' } },
  }));
const numbered = (count: number) => messages(...Array.from({ length: count }, (_, index) => `m${index}`));
const LANE = 'https://sqs.example/1/lane';
const throttled = { Code: 'RequestThrottled', SenderFault: false };

describe('messages that are sent together', () => {
  it('puts ten messages into a call, and fewer if they are long', async () => {
    const { calls, sqs } = queueThat();
    expect(await sendMessages(sqs, LANE, numbered(25))).toEqual(new Array(25).fill(undefined));
    expect(calls.map((call) => call.length)).toEqual([10, 10, 5]);
    const long = queueThat();
    await sendMessages(long.sqs, LANE, messages('x'.repeat(600_000), 'y'.repeat(400_000), 'z'.repeat(60_000)));
    expect(long.calls.map((call) => call.length)).toEqual([2, 1]);
    // two attributes and bodies that fill a call only without them
    const full = queueThat();
    await sendMessages(full.sqs, LANE, messages('x'.repeat(524_288), 'y'.repeat(524_288)));
    expect(full.calls).toHaveLength(2);
  });

  it('tries only the messages again that SQS did not take', async () => {
    const { calls, sqs } = queueThat((body, call) => (body === 'm1' && call < 3 ? throttled : undefined));
    expect(await sendMessages(sqs, LANE, numbered(3))).toEqual([undefined, undefined, undefined]);
    expect(calls).toEqual([['m0', 'm1', 'm2'], ['m1'], ['m1']]);
  });

  it('gives up on a message that SQS does not take four times, and says why', async () => {
    const { calls, sqs } = queueThat((body) => (body === 'm1' ? throttled : undefined));
    expect(await sendMessages(sqs, LANE, numbered(3))).toEqual([
      undefined,
      { code: 'RequestThrottled', reason: 'RequestThrottled' },
      undefined,
    ]);
    expect(calls).toHaveLength(4);
  });

  it('does not repeat a message that SQS refuses for good', async () => {
    const refusal = { Code: 'InvalidMessageContents', SenderFault: true };
    const { calls, sqs } = queueThat((body) => (body === 'm0' ? refusal : undefined));
    expect(await sendMessages(sqs, LANE, numbered(2))).toEqual([
      { code: 'InvalidMessageContents', reason: 'InvalidMessageContents' },
      undefined,
    ]);
    expect(calls).toHaveLength(1);
  });

  it('says of every message in a call that failed why it failed', async () => {
    const send = async () => {
      throw Object.assign(new Error('gone'), { name: 'QueueDoesNotExist' });
    };
    const failures = await sendMessages({ send } as unknown as SQSClient, LANE, numbered(12));
    expect(failures).toEqual(new Array(12).fill({ code: 'QueueDoesNotExist', reason: 'gone' }));
  });

  it('sends the messages of a call one by one if SQS refuses the call because of one of them', async () => {
    const calls: number[] = [];
    const send = async ({ input: { Entries = [] } }: { input: SendMessageBatchCommandInput }) => {
      calls.push(Entries.length);
      if (Entries.some(({ MessageBody }) => MessageBody === 'm1')) {
        throw Object.assign(new Error('no such character'), { name: 'InvalidMessageContents' });
      }
      return {};
    };
    const failures = await sendMessages({ send } as unknown as SQSClient, LANE, numbered(3));
    expect(failures).toEqual([undefined, { code: 'InvalidMessageContents', reason: 'no such character' }, undefined]);
    expect(calls).toEqual([3, 1, 1, 1]);
  });

  it('sends to a FIFO queue one call after the other, also when one must be repeated', async () => {
    const { calls, sqs } = queueThat((body, call) => (body === 'm9' && call === 1 ? throttled : undefined));
    await sendMessages(sqs, `${LANE}.fifo`, numbered(12));
    expect(calls.map((call) => call.join())).toEqual(['m0,m1,m2,m3,m4,m5,m6,m7,m8,m9', 'm9', 'm10,m11']);
  });

  it('sends nothing to a FIFO queue behind a message that SQS does not take, and says so of the others', async () => {
    const { calls, sqs } = queueThat((body) => (body === 'm3' ? throttled : undefined));
    const failures = await sendMessages(sqs, `${LANE}.fifo`, numbered(25));
    expect(calls.map((call) => call.length)).toEqual([10, 1, 1, 1]);
    expect(failures.flatMap((failure, index) => (failure ? [] : [index]))).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(failures[24]).toEqual({
      code: 'RequestThrottled',
      reason: 'not sent, to keep the order: RequestThrottled',
    });
  });

  it('sends nothing to a FIFO queue behind a call that failed', async () => {
    const { calls, sqs } = queueThat((_, call) => {
      if (call === 2) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return undefined;
    });
    const failures = await sendMessages(sqs, `${LANE}.fifo`, numbered(1000));
    expect(calls).toHaveLength(2);
    expect(failures.map((failure) => failure?.code)).toEqual([
      ...new Array(10).fill(undefined),
      ...new Array(990).fill('ThrottlingException'),
    ]);
  });

  it('sends to a FIFO queue even behind a message that SQS will never take', async () => {
    const refusal = { Code: 'InvalidMessageContents', SenderFault: true };
    const { calls, sqs } = queueThat((body) => (body === 'm3' ? refusal : undefined));
    const failures = await sendMessages(sqs, `${LANE}.fifo`, numbered(25));
    expect(calls.map((call) => call.length)).toEqual([10, 10, 5]);
    expect(failures.filter(Boolean)).toEqual([{ code: 'InvalidMessageContents', reason: 'InvalidMessageContents' }]);
  });

  it('sends to other queues even after a call that failed', async () => {
    const { calls, sqs } = queueThat((_, call) => {
      if (call === 1) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return undefined;
    });
    expect((await sendMessages(sqs, LANE, numbered(200))).filter(Boolean)).toHaveLength(10);
    expect(calls).toHaveLength(20);
  });

  it('sends nothing if there are no messages', async () => {
    const { calls, sqs } = queueThat();
    expect(await sendMessages(sqs, LANE, [])).toEqual([]);
    expect(calls).toEqual([]);
  });
});
