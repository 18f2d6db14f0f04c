import { readEvents } from './stream-batch.ts';

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
