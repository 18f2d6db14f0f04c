import { recordsIn } from './given-up.ts';

const records = [{ eventName: 'INSERT', dynamodb: { NewImage: { pk: { S: 'a' } } } }, { eventName: 'REMOVE' }];
/** What Lambda puts into the bucket for an invocation that failed. */
const invocation = (more: object) =>
  JSON.stringify({
    requestContext: { requestId: 'r', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-27T10:00:00.000Z',
    DDBStreamBatchInfo: { shardId: 'shardId-1', batchSize: 2 },
    ...more,
  });

describe('an object in a failures bucket', () => {
  it.each([
    ['a text', JSON.stringify({ Records: records })],
    ['an object', { Records: records }],
  ])('has the records of the invocation that failed, with the event as %s', (_, payload) => {
    expect(recordsIn(invocation({ payload }))).toEqual(records.map((record) => JSON.stringify(record)));
  });

  it('has the records that were put aside, one in each line, if somebody has moved it back', () => {
    const [first, second] = records.map((record) => JSON.stringify(record));
    expect(recordsIn(`${first}\n${second}\n`)).toEqual([first, second]);
  });

  it.each(['x', 'null', '{}', invocation({}), invocation({ payload: 'x' }), invocation({ payload: { Records: 1 } })])(
    'is put aside as a whole if it has no records: %s',
    (text) => {
      expect(recordsIn(text)).toEqual([text]);
    },
  );
});
