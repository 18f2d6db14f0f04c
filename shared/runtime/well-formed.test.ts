import { wellFormed } from './well-formed.ts';

it('replaces only unpaired surrogates, in texts and in names', () => {
  const odd = { rows: [{ 'a\uD800': 'x\uDC00y', n: 1, none: null, missing: undefined, pair: '😀' }], ok: true };
  expect(wellFormed(odd)).toEqual({
    rows: [{ 'a\uFFFD': 'x\uFFFDy', n: 1, none: null, missing: undefined, pair: '😀' }],
    ok: true,
  });
});

it('keeps a set of texts a set, which DynamoDB has, too', () => {
  expect(wellFormed({ names: new Set(['a', '\ud800']) })).toEqual({ names: new Set(['a', '\ufffd']) });
});
