import type { SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { sampleMessage } from '../../testing/workbench.ts';
import { resend, UnsendableError } from './returns.ts';

/** Sends a sample message again. @returns the message that SQS receives */
async function sent(queue: string, attributes: Record<string, string> = {}) {
  const inputs: SendMessageCommandInput[] = [];
  const sqs = { send: async ({ input }: { input: SendMessageCommandInput }) => void inputs.push(input) };
  const message = sampleMessage({ key: 'a' });
  await resend(
    sqs as unknown as SQSClient,
    `https://sqs.example/1/${queue}`,
    { ...message, attributes: { ...message.attributes, ...attributes } },
    { jobId: 'job-1', delaySeconds: 60 },
  );
  const [input] = inputs;
  const values = Object.entries(input?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]);
  return { ...input, attributes: Object.fromEntries(values) };
}

describe('a message that is sent again', () => {
  it.each(['lane', 'lane.fifo'])(
    'keeps the body, group and attributes of a message that is sent again to %s',
    async (queue) => {
      const { body, attributes, groupId } = sampleMessage({ key: 'a' });
      expect(await sent(queue, { unknown: 'kept' })).toMatchObject({
        MessageBody: body,
        MessageGroupId: groupId,
        attributes: { ...attributes, jobId: 'job-1', unknown: 'kept' },
      });
    },
  );

  it('leaves out attributes without a text when a message is sent again', async () => {
    expect((await sent('lane', { blob: '' })).attributes).not.toHaveProperty('blob');
  });

  it.each([
    ['InvalidParameterValue', true],
    ['InvalidMessageContents', true],
    ['RequestThrottled', false],
  ])('knows whether SQS will refuse a message every time when it answers %s: %s', async (name, forGood) => {
    const send = async () => {
      throw Object.assign(new Error('no'), { name });
    };
    const again = { jobId: 'job-1', delaySeconds: 0 };
    const failure = await resend(
      { send } as unknown as SQSClient,
      'https://sqs.example/1/lane',
      sampleMessage(),
      again,
    ).catch((error) => error);
    expect(failure instanceof UnsendableError).toBe(forGood);
  });

  it('delays a message that is sent again to a standard lane', async () => {
    const input = await sent('lane');
    expect(input.DelaySeconds).toBe(60);
    expect(input.MessageDeduplicationId).toBeUndefined();
  });

  it('sends a message again to an ordered lane with a new deduplication id and without a delay, which FIFO refuses', async () => {
    const [one, other] = [await sent('lane.fifo'), await sent('lane.fifo')];
    expect(one.MessageDeduplicationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.MessageDeduplicationId).not.toBe(other.MessageDeduplicationId);
    expect(one).not.toHaveProperty('DelaySeconds');
  });
});
