import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { hasObjects, LoadError, run } from './load.ts';

/** A workgroup whose batch is in these states, one after the other. */
function workgroup(...states: { Status: string; Error?: string }[]) {
  const sent: unknown[] = [];
  const client = {
    async send({ input }: { input: { Sqls?: string[] } }) {
      sent.push(input);
      return input.Sqls ? { Id: 'batch' } : states.shift();
    },
  } as unknown as Pick<RedshiftDataClient, 'send'>;
  return { sent, warehouse: { client, workgroup: 'w', database: 'd', pause: async () => {} } };
}

describe('loading', () => {
  it('runs all statements as one batch, which is one transaction, and waits for its end', async () => {
    const { sent, warehouse } = workgroup({ Status: 'SUBMITTED' }, { Status: 'STARTED' }, { Status: 'FINISHED' });
    await run(warehouse, ['SELECT 1', 'SELECT 2']);
    expect(sent[0]).toEqual({ WorkgroupName: 'w', Database: 'd', Sqls: ['SELECT 1', 'SELECT 2'] });
    expect(sent.slice(1)).toEqual([{ Id: 'batch' }, { Id: 'batch' }, { Id: 'batch' }]);
  });

  it('fails with the reason of Redshift, so that Lambda tries the hour again', async () => {
    const { warehouse } = workgroup({ Status: 'FAILED', Error: 'permission denied for schema spillway' });
    await expect(run(warehouse, ['SELECT 1'])).rejects.toThrow(LoadError);
    await expect(run(workgroup({ Status: 'FAILED', Error: 'no' }).warehouse, ['x'])).rejects.toThrow('FAILED: no');
  });

  it('recognises an hour without facts, for which COPY would fail', async () => {
    const answering = (text: string) => ({ send: async () => new Response(text) });
    expect(await hasObjects(answering('<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>'), 'p/')).toBe(
      false,
    );
    expect(await hasObjects(answering('<Contents><Key>p/1.parquet</Key></Contents>'), 'p/')).toBe(true);
  });
});
