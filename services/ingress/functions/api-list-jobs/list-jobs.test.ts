import { readParameters } from './list-jobs.ts';

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
    [{ page: '2' }, 'page'],
  ])('refuses a list with the parameters %j and names the bad one', (parameters, name) => {
    expect(() => readParameters(parameters)).toThrow(new RegExp(`^${name}:`));
  });
});
