import { identityOf, sampleMessage, workbench } from '../testing/workbench.ts';

const succeed = async ({ n }: { n: number }) => ({ n });

describe('a job that is submitted again with another body', () => {
  it('runs only the body that was claimed first and counts another body with the same id, also between attempts', async () => {
    const ran: number[] = [];
    const { handle, model, notes } = workbench(async ({ n }, { attempt }) => {
      ran.push(n);
      if (attempt === 1) throw new Error('once');
      return { n };
    });
    const [first, other] = [sampleMessage({ n: 1 }), sampleMessage({ n: 2 })];
    expect(await handle([first])).toEqual([first.messageId]);
    expect(await handle([other])).toEqual([]);
    expect(await handle([first])).toEqual([]);
    expect(ran).toEqual([1, 1]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'SUCCEEDED', conflicts: [other.messageId] });
    expect(notes).toContainEqual({ did: 'drop', jobId: 'job-1', reason: expect.any(String) });
  });

  it('counts each conflicting duplicate of a settled job, but not the same message again, and keeps the outcome', async () => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ n: 1 })]);
    const [second, third] = [2, 3].map((n) => sampleMessage({ n, messageId: `message-${n}` }));
    for (const message of [second, second, third, sampleMessage({ n: 1 })]) if (message) await handle([message]);
    expect(model.jobOf(identityOf())?.conflicts).toEqual(['message-2', 'message-3']);
    expect(model.jobOf(identityOf())?.outcomes).toHaveLength(1);
  });

  it('counts a duplicate that does not even fit the contract', async () => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ n: 1 })]);
    await handle([{ ...sampleMessage(), body: '{"n":"many"}', messageId: 'unfit' }]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'SUCCEEDED', conflicts: ['unfit'] });
  });
});
