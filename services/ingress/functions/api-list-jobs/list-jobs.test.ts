import { readParameters, readSearch } from './list-jobs.ts';

describe('the function api-list-jobs', () => {
  it('lists fifty jobs of any status unless the caller says otherwise', () => {
    expect(readParameters({})).toEqual({ limit: 50, status: undefined, cursor: undefined });
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: '0x10' }, 'limit'],
    [{ limit: '1e1' }, 'limit'],
    [{ limit: '' }, 'limit'],
    [{ limit: 'ten' }, 'limit'],
    [{ status: 'DONE' }, 'status'],
    [{ status: 'succeeded' }, 'status'],
  ])('refuses a list with the parameters %j and names the bad one', (parameters, name) => {
    expect(() => readParameters(parameters)).toThrow(new RegExp(`^${name}:`));
  });

  const jobType = {
    searchKeys: ['orderId', 'amount', 'gift'],
    example: { input: { orderId: 'a', amount: 1.5, gift: true }, result: {} },
  };
  const search = (parameters: Record<string, string>) => readSearch(jobType, Object.keys(parameters), parameters);

  it.each([
    [{ orderId: '1.0' }, { field: 'orderId', value: '1.0' }, 0],
    [{ orderId: '' }, { field: 'orderId', value: '' }, 0],
    [{ amount: '1.50' }, { field: 'amount', value: '1.5' }, 1],
    [{ amount: '1e3' }, { field: 'amount', value: '1000' }, 1],
    [{ gift: 'false' }, { field: 'gift', value: 'false' }, 2],
  ])('reads the search %j by the type of its field', (parameters, term, position) => {
    expect(search(parameters)).toEqual({ term, position });
  });

  it.each([
    [{ page: '2' }, /^page: there is no such parameter; use status, cursor, limit, orderId, amount, gift\.$/],
    [{ amount: 'ten' }, /^amount: use a number\.$/],
    [{ amount: '' }, /^amount: /],
    [{ amount: '0x10' }, /^amount: /],
    [{ gift: '1' }, /^gift: use true or false\.$/],
    [{ orderId: 'a', gift: 'true' }, /^gift: search by one field at a time, here by orderId\.$/],
  ])('refuses the search %j and names what to change', (parameters, detail) => {
    expect(() => search(parameters as Record<string, string>)).toThrow(detail);
  });
});
