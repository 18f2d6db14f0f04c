import { ORDER_KEY } from '@spillway/shared/contracts/job-type.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import AjvDraft4 from 'ajv-draft-04';
import * as z from 'zod/mini';
import { type JsonSchema, jsonSchema, modelOf } from './model.ts';

const ordered = (account: z.ZodMiniType) => ({
  name: 'sample',
  lane: { kind: 'ordered' as const, orderKey: 'account' },
  input: z.strictObject({ account }),
});
const standard = (input: z.ZodMiniType) => ({ name: 'sample', lane: { kind: 'standard' as const }, input });
const Tree = z.strictObject({
  get children() {
    return z.array(Tree);
  },
});

describe('a request model', () => {
  it('makes a request model with a pattern for the order key that names the field', () => {
    expect(modelOf(ordered(z.string().check(z.regex(ORDER_KEY))))).toMatchObject({
      properties: { account: { pattern: `(account){0}${ORDER_KEY.source}` } },
    });
  });

  it('names the field in every pattern of a request model, also in a list or under an odd name', () => {
    const text = z.string().check(z.regex(/^a+$/));
    const { properties } = modelOf(standard(z.strictObject({ list: z.array(text), 'a(b': text })));
    expect(properties).toMatchObject({ list: { items: { pattern: '(list){0}^a+$' } } });
    for (const value of ['aaa', 'b']) {
      const { pattern } = (properties as Record<string, { pattern: string }>)['a(b'] ?? {};
      expect(new RegExp(String(pattern)).test(value)).toBe(value === 'aaa');
    }
  });

  it('refuses a request model whose order key has only a refinement, and says what to do', () => {
    const refined = z.string().check(z.refine((key) => ORDER_KEY.test(key)));
    expect(() => modelOf(ordered(refined))).toThrow('job type "sample": orderKey "account" needs z.regex(ORDER_KEY)');
  });

  it('refuses a request model for an input that JSON cannot express', () => {
    expect(() => modelOf(standard(z.strictObject({ day: z.date() })))).toThrow(
      'input must be something that JSON can express',
    );
  });

  it.each([
    ['a recursive type', z.strictObject({ tree: Tree }), 'input.tree becomes JSON Schema with the keyword "$ref"'],
    [
      'a keyword of its own',
      z.strictObject({ a: z.array(z.strictObject({ b: z.string().register(z.globalRegistry, { unit: 'm' }) })) }),
      'input.a.b becomes JSON Schema with the keyword "unit"',
    ],
  ])('refuses a request model for an input with %s, and names the field and the keyword', (_, input, problem) => {
    expect(() => modelOf(standard(input))).toThrow(`job type "sample": ${problem}`);
  });

  it('leaves out of a request model what only annotates', () => {
    const input = z.strictObject({ file: z.base64(), note: z._default(z.string(), 'none') });
    const { file, note } = modelOf(standard(input)).properties as Record<string, JsonSchema>;
    expect(Object.keys(file ?? {}).sort()).toEqual(['format', 'pattern', 'type']);
    expect(note).toEqual({ type: 'string' });
  });

  it('translates what is below every keyword that contains schemas', () => {
    const whole = { type: 'number', multipleOf: 1 };
    const input = z.strictObject({
      union: z.union([z.string(), z.int()]),
      tuple: z.tuple([z.int()], z.int()),
      record: z.record(z.string(), z.int()),
    });
    expect(modelOf(standard(input)).properties).toMatchObject({
      union: { anyOf: [{ type: 'string' }, whole] },
      tuple: { items: [whole], additionalItems: whole },
      record: { additionalProperties: whole },
    });
  });
});

describe.each(activeJobTypes().map((jobType) => [jobType.name, jobType] as const))(
  'the request model of %s',
  (name, jobType) => {
    const options = { strict: false, validateFormats: false };
    const model = new AjvDraft4.default(options).compile(modelOf(jobType));
    const described = new Ajv2020(options).compile(
      jsonSchema(jobType, 'input', { target: 'draft-2020-12', io: 'input' }),
    );

    it(`the request model of ${name} takes the example and refuses what openapi.json refuses`, () => {
      const example = jobType.example.input as Record<string, unknown>;
      const variants = Object.keys(example).flatMap((field) =>
        [undefined, null, 1.5, 'x', [], {}].map((value) => JSON.parse(JSON.stringify({ ...example, [field]: value }))),
      );
      expect(model(example)).toBe(true);
      for (const variant of variants) expect([variant, model(variant)]).toEqual([variant, described(variant)]);
    });

    it(`the request model of ${name} lets no value be an integer, so that 2.0 is taken as 2`, () => {
      expect(JSON.stringify(modelOf(jobType))).not.toContain('"type":"integer"');
    });
  },
);
