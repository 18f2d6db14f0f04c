import { NotDeliveredError, readEvents, sendAll } from './stream-batch.ts';

const noPause = async () => {};

describe('sending', () => {
  it('sends again only the events of a batch that were refused', async () => {
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

  it('fails a whole batch of the stream when some events are refused every time', async () => {
    await expect(sendAll([1, 2], async () => [2], noPause)).rejects.toThrow(NotDeliveredError);
  });

  it('sends nothing for a batch of the stream without events', async () => {
    await sendAll([], async () => Promise.reject(new Error('called')), noPause);
  });
});

describe('a poison record', () => {
  it('parks a poison record of the stream and continues with the rest of its batch', async () => {
    const parked: string[] = [];
    const put = async (key: string) => void parked.push(key);
    const place = { archive: { put }, reader: 'streams', parked: (key: string) => void parked.push(`observed ${key}`) };
    const poison = { eventName: 'INSERT' as const, dynamodb: { SequenceNumber: '7', NewImage: { pk: { S: 'x' } } } };
    expect(await readEvents([poison, { eventName: 'REMOVE' }], place)).toEqual([]);
    expect(parked).toEqual(['parked/streams/7.json', 'observed parked/streams/7.json']);
  });
});
