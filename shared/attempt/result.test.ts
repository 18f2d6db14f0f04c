import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';
import { inlineJson, storedResult } from './result.ts';

/** Text that deflates badly. */
const noise = (characters: number) => randomBytes(characters).toString('base64').slice(0, characters);

describe('results', () => {
  it('settles a job with any JSON result, even one that a DynamoDB map cannot hold', async () => {
    const odd = JSON.parse(`{"__proto__":1e300,"deep":${'['.repeat(100)}${']'.repeat(100)},"half":"\\ud800"}`);
    const anything = { ...sampleType(), result: z.any() };
    const { handle, model } = workbench(async () => odd, anything);
    await handle([sampleMessage()]);
    const [outcome] = model.jobOf(identityOf())?.outcomes ?? [];
    expect(outcome && 'result' in outcome && inlineJson(outcome.result as { json: string })).toBe(JSON.stringify(odd));
  });

  it('fails a job whose result does not fit the contract', async () => {
    const { handle, model } = workbench(async () => ({ wrong: 1 }) as unknown as { n: number });
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { error: { code: 'RESULT_REFUSED', message: expect.stringContaining('n:') } },
    ]);
  });

  it.each([
    ['stays as text in the row because it is short', { n: 1 }, 'json'],
    ['is deflated in the row because that is shorter', { n: 1, text: 'x'.repeat(40_000) }, 'deflated'],
    ['stays as text in the row because deflating does not help', { n: 1, text: '$' }, 'json'],
    ['goes to the archive because even deflated it is too big', { n: 1, text: noise(40_000) }, 'key'],
    ['goes to the archive because it takes long to deflate', { n: 1, text: 'x'.repeat(100_000) }, 'key'],
  ])('stores a result that %s', async (_, result, where) => {
    const keepResult = async () => 'results/job-1';
    const stored = await storedResult(result, { ...identityOf(), attempt: 1 }, { keepResult });
    expect(Object.keys(stored)[0]).toBe(where);
    if (!('key' in stored)) expect(JSON.parse(inlineJson(stored))).toEqual(result);
    else expect(stored.bytes).toBe(JSON.stringify(result).length);
  });

  it('reads back every result that is stored in a row', async () => {
    const archive = { keepResult: async () => 'key' };
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (result) => {
        const stored = await storedResult(result, { ...identityOf(), attempt: 1 }, archive);
        if ('key' in stored) return;
        expect(inlineJson(stored)).toBe(JSON.stringify(result));
      }),
    );
  });
});
