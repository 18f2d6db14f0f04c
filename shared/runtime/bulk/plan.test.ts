import ledgerPosting from '../../contracts/jobs/ledger-posting.ts';
import webhookDelivery from '../../contracts/jobs/webhook-delivery.ts';
import { FIFO_SCANNED_MESSAGES } from '../../contracts/lane.ts';
import { pieces } from '../../testing/pieces.ts';
import { MOST_ORDERED_BYTES, MOST_ORDERED_LINES, ORDERED_SECONDS, planFile } from './plan.ts';

const good = JSON.stringify({ input: webhookDelivery.example.input });

const plan = (
  text: string,
  ratePerSecond = 5000,
  jobType: Parameters<typeof planFile>[0]['jobType'] = webhookDelivery,
) => planFile({ jobType, ratePerSecond, stream: () => pieces(text, 64 * 1024) });

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
