import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, eventually, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { spillway } from './testing/run-spillway.ts';

/** The rule, and the table, of services/example-subscriber. */
const RULE = `spillway-${stage.name}-example-failures`;
const TableName = `spillway-${stage.name}-example-cases`;

/** The cases that the example has opened for a job. */
async function casesOf(jobId: string): Promise<{ pk: string; deliveries: number; openedAt: string }[]> {
  const { Items = [] } = await dynamo.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': `csv-import/${jobId}` },
    }),
  );
  return Items as { pk: string; deliveries: number; openedAt: string }[];
}

it('replays events from the bus’s archive for one rule with the same ids, and another team’s consumer that remembers ids sees each failure once', async () => {
  const from = new Date(Date.now() - 1000).toISOString();
  const { body } = await submit('csv-import', { ...csvImport.example.input, csv: '"never closed' });
  await waitForOutcome('csv-import', body.jobId);
  const [opened] = await eventually('the case', async () => {
    const found = await casesOf(body.jobId);
    return found.length > 0 && found;
  });
  const to = new Date(Date.now() + 1000).toISOString();

  const asked = await spillway(['events', 'replay', '--from', from, '--to', to, '--rule', RULE]);
  expect(asked).toMatchObject({ code: 2, error: expect.stringContaining('Nothing was replayed.') });
  const replayed = await spillway(['events', 'replay', '--from', from, '--to', to, '--rule', RULE, '--yes']);
  expect([replayed.code, replayed.out]).toEqual([0, expect.stringMatching(/^spillway-local-\d+\n$/)]);

  const again = await eventually('the event again', async () => {
    const found = await casesOf(body.jobId);
    return Number(found[0]?.deliveries) > Number(opened?.deliveries) && found;
  });
  expect(again).toEqual([{ ...opened, deliveries: expect.any(Number) }]);
});

it('says what is wrong when spillway events replay gets no time, or a rule that the bus does not have', async () => {
  const wrong = await spillway(['events', 'replay', '--from', 'yesterday', '--to', '2026-03-01']);
  expect([wrong.code, wrong.error]).toEqual([2, expect.stringContaining('such as 2026-03-01T09:30:00Z')]);
  const time = ['--from', '2026-03-01', '--to', '2026-03-02'];
  const unknown = await spillway(['events', 'replay', ...time, '--rule', 'nobody', '--yes']);
  expect([unknown.code, unknown.error]).toEqual([1, expect.stringMatching(/^The bus \S+ has no rule nobody\./)]);
});
