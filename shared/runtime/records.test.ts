import { memoryBucket } from '../testing/memory-bucket.ts';
import { recordsIn } from './records.ts';

const linesIn = (text = '') =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the records of a job', () => {
  it('the records of a job are filled one after the other, however many lines come at a time', async () => {
    const payloads = memoryBucket();
    const records = await recordsIn<number>(payloads, 'r', 5);
    await records.add(numbers(1, 3));
    expect([records.written(), records.keys()]).toEqual([{ full: 0, open: 3 }, ['r/1.jsonl']]);
    await records.add(numbers(4, 13));
    await records.add([]);
    expect([records.written(), records.keys()]).toEqual([
      { full: 2, open: 3 },
      ['r/1.jsonl', 'r/2.jsonl', 'r/3.jsonl'],
    ]);
    expect(records.keys().map((key) => linesIn(payloads.objects.get(key)))).toEqual([
      numbers(1, 5),
      numbers(6, 10),
      numbers(11, 13),
    ]);
  });

  it('the records of a job go on where its state says, without lines that were written after the state', async () => {
    const payloads = memoryBucket();
    const first = await recordsIn<number>(payloads, 'r', 5);
    await first.add(numbers(1, 8));
    const saved = first.written();
    await first.add([99, 99, 99, 99]);
    const second = await recordsIn<number>(payloads, 'r', 5, saved);
    await second.add([9, 10]);
    await second.add([11]);
    expect(second.keys().flatMap((key) => linesIn(payloads.objects.get(key)))).toEqual(numbers(1, 11));
  });

  it('a job that did nothing has no records', async () => {
    const payloads = memoryBucket();
    const records = await recordsIn(payloads, 'r', 5);
    await records.add([]);
    expect([records.keys(), payloads.objects.size]).toEqual([[], 0]);
  });
});
