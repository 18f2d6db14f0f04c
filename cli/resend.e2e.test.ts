import { randomBytes, randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { archive, dynamo, eventually, lake, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { whileRefused } from '@spillway/e2e/refusals.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import { REFUSED_PREFIX } from '@spillway/shared/lake/table.ts';
import { spillway } from './testing/run-spillway.ts';

const BROKEN = { ...csvImport.example.input, csv: '"never closed' };

/** Whether an object below a prefix mentions a job. */
async function mentions(bucket: typeof lake, prefix: string, jobId: string): Promise<boolean> {
  for (const key of await bucket.keys(prefix)) if ((await bucket.get(key))?.includes(jobId)) return true;
  return false;
}

/** How often the example subscriber of the bus has got the failure of a job. */
async function deliveriesOf(jobId: string): Promise<number[]> {
  const { Items = [] } = await dynamo.send(
    new ScanCommand({
      TableName: `spillway-${stage.name}-example-cases`,
      FilterExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': `csv-import/${jobId}` },
    }),
  );
  return Items.map(({ deliveries }) => deliveries);
}

describe('what the bus and Firehose refuse', () => {
  it('is stored while the good events and facts pass, and one command each sends it again, so that every job counts once', async () => {
    const refusedId = `refused-${randomUUID()}`;
    const trace = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${trace}-${'1'.repeat(16)}-01` };
    const report = async () => {
      const { out, error } = await spillway(['report', '--trace', trace, '--query', 'cost', '--json']);
      if (error) throw new Error(error);
      return JSON.parse(out)[0].rows as Record<string, unknown>[];
    };
    await whileRefused(refusedId, async () => {
      await submit('csv-import', BROKEN, refusedId, { headers });
      await waitForOutcome('csv-import', refusedId);
      await eventually('the refused event', () => mentions(archive, `${REFUSED_EVENTS_PREFIX}bus/`, refusedId));
      await eventually('the refused facts', () => mentions(lake, REFUSED_PREFIX, refusedId));
      // the shard goes on
      const good = await submit('csv-import', BROKEN, undefined, { headers });
      await waitForOutcome('csv-import', good.body.jobId);
      await eventually('the good event', async () => (await deliveriesOf(good.body.jobId)).length > 0);
      await eventually('the good facts', async () => (await report())[0]?.facts === 3);
      expect(await deliveriesOf(refusedId)).toEqual([]);
    });

    for (const command of [
      ['lake', 'replay'],
      ['events', 'resend'],
    ]) {
      const counted = await spillway([...command, '--dry-run']);
      expect(counted.out).toMatch(/^[1-9]\d* (facts|events) in [1-9]\d* objects were refused\.\n$/);
      const asked = await spillway(command);
      expect([asked.code, asked.error]).toEqual([2, expect.stringContaining('Nothing was sent.')]);
      const sent = await spillway([...command, '--yes']);
      expect([sent.code, sent.out]).toEqual([
        0,
        expect.stringMatching(/\n[1-9]\d* (facts|events) were sent again\.\n$/),
      ]);
    }
    expect(await mentions(archive, REFUSED_EVENTS_PREFIX, refusedId)).toBe(false);
    expect(await mentions(lake, REFUSED_PREFIX, refusedId)).toBe(false);
    await eventually('the event that was sent again', async () => (await deliveriesOf(refusedId)).length > 0);
    const [row] = await eventually('the facts that were sent again', async () => {
      const rows = await report();
      return rows[0]?.facts === 6 && rows;
    });
    expect(row).toMatchObject({ job_type: 'csv-import', jobs: 2, attempts: 2, facts: 6 });
  });
});
