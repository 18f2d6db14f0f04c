import { ORDER_KEY } from '@spillway/shared/contracts/job-type.ts';
import * as z from 'zod/mini';
import { modelOf } from './model.ts';

const ordered = (account: z.ZodMiniType) => ({
  name: 'sample',
  lane: { kind: 'ordered' as const, orderKey: 'account' },
  input: z.strictObject({ account }),
});

describe('a request model', () => {
  it('makes a request model with a pattern for the order key that names the field', () => {
    expect(modelOf(ordered(z.string().check(z.regex(ORDER_KEY))))).toMatchObject({
      properties: { account: { pattern: `(account){0}${ORDER_KEY.source}` } },
    });
  });

  it('refuses a request model whose order key has only a refinement, and says what to do', () => {
    const refined = z.string().check(z.refine((key) => ORDER_KEY.test(key)));
    expect(() => modelOf(ordered(refined))).toThrow('job type "sample": orderKey "account" needs z.regex(ORDER_KEY)');
  });

  it('refuses a request model for an input that JSON cannot express', () => {
    const dated = { name: 'sample', lane: { kind: 'standard' as const }, input: z.strictObject({ day: z.date() }) };
    expect(() => modelOf(dated)).toThrow('input must be something that JSON can express');
  });
});
