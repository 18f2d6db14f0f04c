import { wellFormed } from './well-formed.ts';

it('replaces only unpaired surrogates, in texts and in names', () => {
  const odd = { rows: [{ 'a\uD800': 'x\uDC00y', n: 1, none: null, missing: undefined, pair: '😀' }], ok: true };
  expect(wellFormed(odd)).toEqual({
    rows: [{ 'a\uFFFD': 'x\uFFFDy', n: 1, none: null, missing: undefined, pair: '😀' }],
    ok: true,
  });
});
