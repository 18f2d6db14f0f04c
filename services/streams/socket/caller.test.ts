import { chosenProtocol, tokenOf } from './caller.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0In0.c2lnbmF0dXJl';

describe('the token of a handshake', () => {
  it.each([
    ['in the header Authorization', { Authorization: `Bearer ${TOKEN}` }],
    ['in the header Authorization in lower case', { authorization: `bearer ${TOKEN}` }],
    ['in the header Authorization without a scheme', { authorization: TOKEN }],
    ['among the subprotocols', { 'Sec-WebSocket-Protocol': `spillway, ${TOKEN}` }],
    ['as the only subprotocol', { 'sec-websocket-protocol': TOKEN }],
  ])('is found %s', (_, headers) => {
    expect(tokenOf(headers)).toBe(TOKEN);
  });

  it.each([[undefined], [null], [{}], [{ authorization: '' }], [{ 'sec-websocket-protocol': 'spillway' }]])(
    'is not found in %j',
    (headers) => {
      expect(tokenOf(headers)).toBeUndefined();
    },
  );
});

describe('the chosen subprotocol', () => {
  it.each([
    [`spillway, ${TOKEN}`, 'spillway'],
    [`${TOKEN}, spillway`, 'spillway'],
    [`${TOKEN}, other`, 'other'],
    // a browser closes a connection for which none was chosen
    [TOKEN, TOKEN],
  ])('of "%s" is %s', (offered, chosen) => {
    expect(chosenProtocol({ 'Sec-WebSocket-Protocol': offered })).toBe(chosen);
  });

  it('is absent if nothing is offered', () => {
    expect(chosenProtocol({ authorization: TOKEN })).toBeUndefined();
  });
});
