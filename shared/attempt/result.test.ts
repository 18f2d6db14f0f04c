import * as z from 'zod/mini';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';

describe('results', () => {
  it('settles a job with any JSON result, even one that a DynamoDB map cannot hold', async () => {
    const odd = JSON.parse(`{"__proto__":1e300,"deep":${'['.repeat(100)}${']'.repeat(100)},"half":"\\ud800"}`);
    const anything = { ...sampleType(), result: z.any() };
    const { handle, model } = workbench(async () => odd, anything);
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ result: { json: JSON.stringify(odd) } }]);
  });

  it('fails a job whose result does not fit the contract', async () => {
    const { handle, model } = workbench(async () => ({ wrong: 1 }) as unknown as { n: number });
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { error: { code: 'RESULT_REFUSED', message: expect.stringContaining('n:') } },
    ]);
  });

  it('stores a result that is too big for the row in the archive', async () => {
    const { handle, model } = workbench(async () => ({ n: 1, text: 'x'.repeat(40_000) }) as { n: number }, {
      ...sampleType(),
      result: z.custom<{ n: number }>(() => true),
    });
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ result: { key: 'results/job-1', bytes: 40_017 } }]);
  });
});
