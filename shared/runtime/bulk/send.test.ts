import ledgerPosting from '../../contracts/jobs/ledger-posting.ts';
import webhookDelivery from '../../contracts/jobs/webhook-delivery.ts';
import { pieces } from '../../testing/pieces.ts';
import type { NewMessage, SendFailure } from '../lane/send-all.ts';
import { planFile } from './plan.ts';
import { LaneRefusedError, lineId, type Sending, sendChunk } from './send.ts';

const UPLOAD = `upload-${'a'.repeat(32)}`;
const JOB = { tenant: 'tenant-1', traceId: '0af7651916cd43dd8448eb211c80319c', attempt: 1 };
const good = JSON.stringify({ input: webhookDelivery.example.input });

interface Options extends Partial<Sending> {
  failing?: (message: NewMessage) => SendFailure;
}

/** Sends a chunk to a lane that keeps what it takes. */
async function send(text: string | Uint8Array, { failing = () => undefined, ...options }: Options = {}) {
  const messages: NewMessage[] = [];
  const refusals: { line: number; reason: string }[] = [];
  const sent = await sendChunk({
    job: JOB,
    jobType: webhookDelivery as never,
    upload: UPLOAD,
    line: 1,
    perSecond: 100_000,
    pieces: pieces(text, 64 * 1024),
    send: async (group) => {
      messages.push(...group.filter((message) => !failing(message)));
      return group.map(failing);
    },
    report: { write: async (json) => void refusals.push(JSON.parse(json)) },
    isCancelled: async () => false,
    now: () => new Date(1_790_000_000_000),
    ...options,
  });
  return { sent, messages, refusals };
}

describe('a chunk', () => {
  it('the chunks of a file are sent with an id for each of its lines', async () => {
    const text = Array.from({ length: 2500 }, () => good).join('\n');
    const stream = () => pieces(text, 64 * 1024);
    const { chunks } = await planFile({ jobType: webhookDelivery, ratePerSecond: 5000, stream });
    const sent = await Promise.all(chunks.map(({ start, end, line }) => send(text.slice(start, end), { line })));
    const ids = sent.flatMap(({ messages }) => messages.map(({ attributes }) => attributes.jobId));
    expect(new Set(ids).size).toBe(2500);
    expect(ids.at(-1)).toBe(lineId(UPLOAD, 2500));
  });

  it('a chunk is sent with ids made from the upload and the lines, or with those of the lines', async () => {
    const own = JSON.stringify({ id: 'mine', ...JSON.parse(good), runAfter: 60 });
    const { sent, messages } = await send(`${good}\n${own}\n`, { line: 41 });
    expect(sent).toEqual([41, 2, 0]);
    expect(messages.map(({ attributes }) => [attributes.jobId, attributes.runAfter])).toEqual([
      [`${'a'.repeat(32)}.41`, 'v1;'],
      ['mine', 'v1;60'],
    ]);
    expect(messages[0]).toMatchObject({ groupId: JOB.tenant, attributes: { tenant: JOB.tenant } });
  });

  it('a chunk is sent again with the same ids and bodies, and with other deduplication ids only in a replay', async () => {
    const line = JSON.stringify({ input: ledgerPosting.example.input });
    const [first, again, replayed] = await Promise.all(
      [1, 1, 2].map((attempt) => send(line, { jobType: ledgerPosting as never, job: { ...JOB, attempt } })),
    );
    expect(again?.messages).toEqual(first?.messages);
    expect(replayed?.messages[0]?.attributes).toEqual(first?.messages[0]?.attributes);
    expect(replayed?.messages[0]?.deduplicationId).not.toBe(first?.messages[0]?.deduplicationId);
  });

  it.each([
    ['is not JSON', 'oops', 'not JSON'],
    ['is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not JSON in UTF-8'],
    ['is longer than a message', `{"input":"${'x'.repeat(2 * 1024 * 1024)}"}`, 'longer than'],
    ['has no input', '{"id":"a"}', 'input: is missing'],
    ['does not fit the contract', '{"input":{"url":1}}', 'url: '],
    ['has an unknown field', `{"x":1,${good.slice(1)}`, 'x: is unknown'],
    ['has a bad id', `{"id":"a b",${good.slice(1)}`, 'a job id is 1 to 64'],
  ])('a chunk reports a line that %s with its number and the reason, and sends the others', async (_, bad, reason) => {
    const file = Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(bad), Buffer.from(`\n${good}`)]);
    const { sent, refusals } = await send(file);
    expect(sent).toEqual([1, 2, 1]);
    expect(refusals).toEqual([{ line: 2, reason: expect.stringContaining(reason) }]);
  });

  it('a chunk fails, to be sent again, if the lane does not take a job', async () => {
    await expect(send(good, { failing: () => 'QueueDoesNotExist' })).rejects.toThrow(LaneRefusedError);
  });

  it('the lines of a file are not sent when its job is cancelled', async () => {
    const sends: unknown[] = [];
    const sending = send(good, { isCancelled: async () => true, send: async (group) => [sends.push(group)] as never });
    await expect(sending).rejects.toMatchObject({ name: 'PermanentJobError', code: 'JOB_CANCELLED' });
    expect(sends).toEqual([]);
  });

  it('a chunk is sent no faster than its rate', async () => {
    const started = performance.now();
    await send(`${good}\n`.repeat(30), { perSecond: 100 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);
  });
});
