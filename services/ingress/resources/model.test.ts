import { createRequire } from 'node:module';
import { ORDER_KEY } from '@spillway/shared/contracts/job-type.ts';
import * as z from 'zod/mini';

const { modelOf } = createRequire(__filename)('./model.cjs');

const ordered = (account: z.ZodMiniType) => ({
  name: 'sample',
  lane: { kind: 'ordered', orderKey: 'account' },
  input: z.strictObject({ account }),
});

describe('the request model', () => {
  it('of an ordered lane has the order key’s pattern, which names the field', () => {
    const { properties } = modelOf(ordered(z.string().check(z.regex(ORDER_KEY))));
    expect(properties.account.pattern).toBe(`(account){0}${ORDER_KEY.source}`);
  });

  it('is not made where only a refinement holds the order key back, and the mend is named', () => {
    const refined = z.string().check(z.refine((key) => ORDER_KEY.test(key)));
    expect(() => modelOf(ordered(refined))).toThrow('job type "sample": orderKey "account" needs z.regex(ORDER_KEY)');
  });

  it('is not made of what JSON cannot say', () => {
    expect(() => modelOf({ ...ordered(z.string()), lane: { kind: 'standard' }, input: z.date() })).toThrow(
      'input must be what JSON can say',
    );
  });
});
