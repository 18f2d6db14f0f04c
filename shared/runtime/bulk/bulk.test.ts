import ledgerPosting from '../../contracts/jobs/ledger-posting.ts';
import webhookDelivery from '../../contracts/jobs/webhook-delivery.ts';
import { FIFO_SCANNED_MESSAGES } from '../../contracts/lane.ts';
import type { NewMessage, SendFailure } from '../lane/send-all.ts';
import { finishFile } from './finish.ts';
import { LONGEST_LINE_BYTES, linesIn } from './lines.ts';
import { MOST_ORDERED_BYTES, MOST_ORDERED_LINES, ORDERED_SECONDS, planFile } from './plan.ts';
import { LaneRefusedError, lineId, type Sending, sendChunk } from './send.ts';
import { targetOf } from './target.ts';

const UPLOAD = `upload-${'a'.repeat(32)}`;
const JOB = { tenant: 'tenant-1', traceId: '0af7651916cd43dd8448eb211c80319c', attempt: 1 };
const good = JSON.stringify({ input: webhookDelivery.example.input });

/** A file in pieces of a length, which need not end where lines do. */
async function* pieces(text: string | Uint8Array, length = 7) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function linesOf(text: string, length?: number) {
  const lines: [number, string | undefined][] = [];
  for await (const { number, bytes } of linesIn(pieces(text, length), 1)) {
    lines.push([number, bytes && Buffer.from(bytes).toString()]);
  }
  return lines;
}

const plan = (
  text: string,
  ratePerSecond = 5000,
  jobType: Parameters<typeof planFile>[0]['jobType'] = webhookDelivery,
) => planFile({ jobType, ratePerSecond, stream: () => pieces(text, 64 * 1024) });

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

describe('the lines of a file', () => {
  it('the lines of a file are the same wherever the pieces of the file end, with or without a last newline', async () => {
    const expected = [
      [1, 'ä'],
      [3, 'b\r'],
      [5, 'c'],
    ];
    for (let length = 1; length < 10; length += 1) {
      expect(await linesOf('ä\n\nb\r\n \t\r\nc', length)).toEqual(expected);
      expect(await linesOf('ä\n\nb\r\n \t\r\nc\n\n', length)).toEqual(expected);
    }
  });

  it('lines are not held in memory when they are too long, and the next ones are read', async () => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    expect(await linesOf(`a\n${long}\nb`, 64 * 1024)).toEqual([
      [1, 'a'],
      [2, undefined],
      [3, 'b'],
    ]);
    expect((await linesOf('x'.repeat(LONGEST_LINE_BYTES), 64 * 1024))[0]?.[1]).toBeDefined();
  });
});

describe('the plan of a file', () => {
  it('the plan of a file has every line in exactly one chunk, and chunks that follow each other', async () => {
    const text = Array.from({ length: 2500 }, () => good).join('\n');
    const { chunks, lines, senders } = await plan(text);
    expect([lines, senders]).toEqual([2500, 10]);
    expect(chunks.map(({ line, lines }) => [line, lines])).toEqual([
      [1, 1000],
      [1001, 1000],
      [2001, 500],
    ]);
    expect(chunks.map(({ start }) => start)).toEqual([0, ...chunks.slice(0, -1).map(({ end }) => end)]);
    expect(chunks.at(-1)?.end).toBe(text.length);
    const sent = await Promise.all(chunks.map(({ start, end, line }) => send(text.slice(start, end), { line })));
    const ids = sent.flatMap(({ messages }) => messages.map(({ attributes }) => attributes.jobId));
    expect(new Set(ids).size).toBe(2500);
    expect(ids.at(-1)).toBe(lineId(UPLOAD, 2500));
  });

  it('the plan of a file has chunks that a sender sends in five minutes at a low rate', async () => {
    const { chunks, senders } = await plan(`${good}\n`.repeat(650), 1);
    expect([senders, chunks.map(({ lines }) => lines)]).toEqual([1, [300, 300, 50]]);
  });

  it('the plan of a file has one chunk for an ordered lane, and refuses a file that takes too long for it', async () => {
    const text = `${good}\n`.repeat(2500);
    expect(await plan(text, 100, ledgerPosting)).toMatchObject({ senders: 1, chunks: [{ lines: 2500 }] });
    await expect(plan(text, 4, ledgerPosting)).rejects.toMatchObject({
      code: 'FILE_TOO_LONG',
      message: expect.stringContaining(`at most ${ORDERED_SECONDS * 4}`),
    });
  });

  it('the plan refuses a file that one sender of an ordered lane could not send in time, at any rate', async () => {
    const lines = async function* (count: number, text: string) {
      yield Buffer.from(`${good}\n`);
      const line = Buffer.from(text);
      for (let number = 1; number < count; number += 1) yield line;
    };
    const ordered = (stream: () => AsyncIterable<Uint8Array>) =>
      planFile({ jobType: ledgerPosting, ratePerSecond: 5000, stream });
    await expect(ordered(() => lines(MOST_ORDERED_LINES, '\n'))).resolves.toMatchObject({ chunks: [{}] });
    await expect(ordered(() => lines(MOST_ORDERED_LINES + 1, '\n'))).rejects.toMatchObject({
      code: 'FILE_TOO_LONG',
      message: expect.stringMatching(/^the file has 50001 lines, .* split it, and submit each part when/),
    });
    const mebibyte = 'x'.repeat(1024 * 1024);
    await expect(ordered(() => lines(MOST_ORDERED_BYTES / 1024 ** 2 + 2, mebibyte))).rejects.toMatchObject({
      code: 'FILE_TOO_LONG',
      message: expect.stringContaining(`at most ${MOST_ORDERED_BYTES} from one file`),
    });
  });

  it('a file leaves more than half of an ordered lane, as far as SQS looks for keys in it, to other keys', () => {
    expect(MOST_ORDERED_LINES).toBeLessThan(FIFO_SCANNED_MESSAGES / 2);
  });

  it.each([
    ['of spaces and newlines', '\n \n\r\n', 'EMPTY_FILE'],
    ['that is CSV', 'name,price\nbolt,1\n', 'NOT_JSON_LINES'],
    ['that is one JSON list', '[\n{"input":1}\n]', 'NOT_JSON_LINES'],
    ['whose first line is a number', '1\n', 'NOT_JSON_LINES'],
  ])('the plan refuses a file %s', async (_, text, code) => {
    await expect(plan(text)).rejects.toMatchObject({ name: 'PermanentJobError', code });
  });

  it('the plan refuses a file that takes longer than a week at its rate', async () => {
    const stream = () => pieces(`${good}\n${'\n'.repeat(700_000)}`, 1024 * 1024);
    const slow = planFile({ jobType: webhookDelivery, ratePerSecond: 1, stream });
    await expect(slow).rejects.toMatchObject({ code: 'RATE_TOO_LOW', message: expect.stringContaining('9 days') });
  });
});

describe('a chunk', () => {
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

describe('the result of a file', () => {
  it('the result of a file counts the lines of all chunks, and joins the refused ones in the order of the file', async () => {
    const written: string[] = [];
    const report = () => ({ write: async (text: string) => void written.push(text), end: async () => 'payload:x' });
    const result = await finishFile(
      [
        [2001, 5, 1],
        [1, 1000, 0],
        [1001, 998, 2],
      ] as const as never,
      {
        read: async (line) => `${line}\n`,
        report,
      },
    );
    expect(result).toEqual({ submitted: 2003, refused: 3, report: 'payload:x' });
    expect(written).toEqual(['1001\n', '2001\n']);
    expect(await finishFile([[1, 1, 0]], { read: async () => undefined, report })).toEqual({
      submitted: 1,
      refused: 0,
    });
  });
});

describe('the job type of a file', () => {
  it.each(['nowhere', 'bulk-submit', 'replay-jobs', '../jobs/csv-import', ''])(
    'the job type of a file cannot be %j',
    async (type) => {
      await expect(targetOf(type)).rejects.toMatchObject({ name: 'PermanentJobError', code: 'TYPE_REFUSED' });
    },
  );

  it('the job type of a file may be that of any service', async () => {
    expect((await targetOf('invoice-render')).service).toBe('billing');
  });
});
