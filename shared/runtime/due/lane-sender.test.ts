import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import type { DueRow } from '../../job-store/due-reads.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import { type LaneEntry, laneSender } from './lane-sender.ts';

const entry = (jobId: string, lane: string, body = '{}'): LaneEntry => ({
  row: { jobId } as DueRow,
  lane,
  message: { ...sampleMessage(), body },
});

it('scheduled jobs enter the lanes of their types in their order, and those that SQS refuses are sorted out', async () => {
  const received: string[] = [];
  const send = async ({ input: { QueueUrl = '', Entries = [] } }: { input: SendMessageBatchCommandInput }) => {
    const lane = QueueUrl.split('/').at(-1);
    for (const { MessageAttributes } of Entries) received.push(`${lane} ${MessageAttributes?.jobId?.StringValue}`);
    const codes: Record<string, string> = { long: 'InvalidParameterValue', busy: 'InternalError' };
    const failed = Entries.filter(({ MessageBody = '' }) => codes[MessageBody]);
    return { Failed: failed.map(({ Id, MessageBody = '' }) => ({ Id, Code: codes[MessageBody], SenderFault: true })) };
  };
  const lanes = laneSender({ send } as unknown as SQSClient, 'arn:aws:sqs:eu-west-1:1:due');
  const ordered = Array.from({ length: 12 }, (_, n) => entry(`o${n}`, 'b.fifo'));
  const { sent, unsendable, broken } = await lanes.send([
    entry('j1', 'a'),
    entry('j2', 'a', 'long'),
    entry('j3', 'a', 'busy'),
    ...ordered,
  ]);
  expect(sent.map(({ row }) => row.jobId)).toEqual(['j1', ...ordered.map(({ row }) => row.jobId)]);
  expect(unsendable.map(({ entry: { row }, reason }) => [row.jobId, reason])).toEqual([
    ['j2', 'InvalidParameterValue'],
  ]);
  expect(broken.map(({ entry: { row } }) => row.jobId)).toEqual(['j3']);
  expect(received.filter((each) => each.startsWith('b.fifo'))).toEqual(ordered.map(({ row }) => `b.fifo ${row.jobId}`));
});
