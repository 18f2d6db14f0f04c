import { queryOf } from './page-parameters.ts';

describe('the parameters of a query', () => {
  it('are none, or each with its value', () => {
    expect(queryOf({ multiValueQueryStringParameters: null })).toEqual({});
    expect(queryOf({ multiValueQueryStringParameters: { status: ['FAILED'], limit: ['10'] } })).toEqual({
      status: 'FAILED',
      limit: '10',
    });
  });

  it('are refused if one comes twice, because only one of its values would count', () => {
    const read = () => queryOf({ multiValueQueryStringParameters: { limit: ['1'], type: ['a', 'b'] } });
    expect(read).toThrow(expect.objectContaining({ code: 'badParameter', message: 'type: send it once.' }));
  });
});
