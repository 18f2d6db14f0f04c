import * as z from 'zod/mini';
import { defineJobType } from './job-type.ts';
import { searchTermsOf } from './search-keys.ts';

const fields = {
  orderId: z.string(),
  amount: z.optional(z.number()),
  gift: z.boolean(),
  note: z.nullable(z.string()),
  any: z.any(),
  items: z.array(z.string()),
  status: z.string(),
};
const example = {
  input: { orderId: 'a', amount: 1, gift: true, note: 'n', any: 'x', items: [], status: 's' },
  result: {},
};
const withKeys =
  (searchKeys: unknown, input: Partial<typeof example.input> = example.input) =>
  () =>
    defineJobType({
      name: 'sample',
      service: 'processing',
      summary: 'For tests.',
      input: z.object(fields),
      result: z.object({}),
      example: { ...example, input: input as never },
      searchKeys: searchKeys as never,
    });

describe('the search keys of a contract', () => {
  it('may be texts, numbers and booleans of the input, also optional ones', () => {
    expect(withKeys(['orderId', 'amount', 'gift'])().searchKeys).toEqual(['orderId', 'amount', 'gift']);
  });

  it.each([
    ['more than three', ['orderId', 'amount', 'gift', 'note'], 'a list of at most 3 fields'],
    ['no list', 'orderId', 'a list of at most 3 fields'],
    ['the same field twice', ['orderId', 'orderId'], 'names a field twice'],
    ['a parameter of every list', ['status'], '"status", because lists have a parameter of this name'],
    ['a field of every filter', ['from'], '"from", because filters have a field of this name'],
    ['a field that the input does not have', ['customer'], 'example.input.customer is not a text'],
    ['a list of values', ['items'], 'example.input.items is not a text'],
    ['a field that may be null', ['note'], '"note", which may also be an object, a list or null'],
    ['a field that may be anything', ['any'], '"any", which may also be an object, a list or null'],
    ['a path', ['order.id'], '"order.id": use names'],
  ])('are refused with %s', (_, keys, reason) => {
    expect(withKeys(keys)).toThrow(`job type "sample": searchKeys`);
    expect(withKeys(keys)).toThrow(reason);
  });

  it('are refused with a field that the example leaves out', () => {
    const { amount: _, ...input } = example.input;
    expect(withKeys(['amount'], input)).toThrow('example.input.amount is not a text, a number or a boolean');
  });
});

describe('the search terms of a body', () => {
  const termsOf = (body: string) => searchTermsOf(body, { searchKeys: ['orderId', 'amount', 'gift'] });

  it('are the values of the search keys as text, each at the position of its key', () => {
    expect(termsOf('{"orderId":"ä 1","amount":1.50,"gift":false}')).toEqual([
      { field: 'orderId', value: 'ä 1' },
      { field: 'amount', value: '1.5' },
      { field: 'gift', value: 'false' },
    ]);
    expect(termsOf('{"amount":2}')).toEqual([undefined, { field: 'amount', value: '2' }, undefined]);
  });

  it.each(['', 'no JSON', 'null', '7', '"orderId"', '[{"orderId":"a"}]', '{"orderId":null,"amount":[1],"gift":{}}'])(
    'leave out what is not a text, number or boolean of an object: %s',
    (body) => expect(termsOf(body)).toEqual([undefined, undefined, undefined]),
  );

  it('replace half a surrogate pair, which DynamoDB would refuse', () => {
    expect(termsOf('{"orderId":"a\\ud800"}')?.[0]).toEqual({ field: 'orderId', value: 'a\ufffd' });
  });

  it('are not looked for in the body of a job type without search keys', () => {
    expect(searchTermsOf('no JSON', { searchKeys: [] })).toBeUndefined();
  });
});
