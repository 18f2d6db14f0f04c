import { readFiring } from '@spillway/shared/contracts/firing.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { readTarget, targetInput } from './target.ts';

const ARNS = 'arn:aws:sqs:eu-west-1:123456789012:';
const job = { tenant: 'tenant-1', name: 'nightly' };
const messageOf = (jobType: Parameters<typeof targetInput>[0]['jobType'], inputText: string) =>
  JSON.parse(targetInput({ ...job, jobType, inputText }, 'dev', ARNS));

describe("a schedule's message", () => {
  it('goes into the lane of its type, for its tenant', () => {
    const message = messageOf(webhookDelivery as never, '{}');
    expect(message).toMatchObject({
      QueueUrl: expect.stringMatching(/\/123456789012\/spillway-dev-webhook-delivery$/),
      MessageGroupId: 'tenant-1',
      MessageAttributes: { tenant: { DataType: 'String', StringValue: 'tenant-1' } },
    });
    expect(message.MessageDeduplicationId).toBeUndefined();
  });

  it('keeps the order of its key in an ordered lane', () => {
    const { orderKey } = ledgerPosting.lane as { orderKey: string };
    const message = messageOf(ledgerPosting as never, `{"${orderKey}":"acc-1"}`);
    expect(message.MessageGroupId).toBe('tenant-1.acc-1');
    expect(message.MessageDeduplicationId).toBe('<aws.scheduler.execution-id>');
  });

  it('takes the input as it was written, and hides in it what Scheduler would replace', () => {
    const inputText = '{"n":12345678901234567890,"text":"<aws.scheduler.scheduled-time>"}';
    const input = targetInput({ ...job, jobType: webhookDelivery as never, inputText }, 'dev', ARNS);
    expect(input.match(/<aws/g)).toHaveLength(1);
    const read = readTarget(input);
    expect(read.tenant).toBe('tenant-1');
    expect(read.inputText).toContain('12345678901234567890');
    expect(JSON.parse(read.inputText)).toEqual(JSON.parse(inputText));
  });

  it('says which job it is once Scheduler has put the time in', () => {
    const { firing } = messageOf(webhookDelivery as never, '{}').MessageAttributes;
    const sent = firing.StringValue.replace('<aws.scheduler.scheduled-time>', '2026-11-27T03:00:00Z');
    expect(readFiring(sent)).toEqual({ jobId: 'nightly-20261127T030000Z', at: new Date('2026-11-27T03:00:00Z') });
  });

  it.each([
    '',
    'nightly',
    'nightly <aws.scheduler.scheduled-time>',
    'a b 2026-11-27T03:00:00Z',
    'n 2026-99-99T03:00:00Z',
  ])('says nothing about a job if it is %j', (text) => {
    expect(readFiring(text)).toBeUndefined();
  });
});
