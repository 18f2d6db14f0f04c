import { NotDeliveredError, readEvents, sendAll } from './stream-batch.ts';

const noPause = async () => {};

describe('sending', () => {
  it('sends again only the entries that were refused', async () => {
    const calls: number[][] = [];
    await sendAll(
      [1, 2, 3],
      async (entries) => {
        calls.push([...entries]);
        return calls.length === 1 ? [2] : [];
      },
      noPause,
    );
    expect(calls).toEqual([[1, 2, 3], [2]]);
  });

  it('fails the whole batch when some entries are refused every time', async () => {
    await expect(sendAll([1, 2], async () => [2], noPause)).rejects.toThrow(NotDeliveredError);
  });

  it('sends nothing for an empty batch', async () => {
    await sendAll([], async () => Promise.reject(new Error('called')), noPause);
  });
});

describe('a poison record', () => {
  it('parks a poison record and continues with the rest of the batch', async () => {
    const parked: string[] = [];
    const put = async (key: string) => void parked.push(key);
    const place = { archive: { put }, reader: 'streams', parked: (key: string) => void parked.push(`observed ${key}`) };
    const poison = { eventName: 'INSERT' as const, dynamodb: { SequenceNumber: '7', NewImage: { pk: { S: 'x' } } } };
    expect(await readEvents([poison, { eventName: 'REMOVE' }], place)).toEqual([]);
    expect(parked).toEqual(['parked/streams/7.json', 'observed parked/streams/7.json']);
  });
});
