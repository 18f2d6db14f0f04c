import { queryFacts } from '@spillway/e2e/athena.ts';
import { eventually, lake, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const EVENTS_OF_A_JOB = ['job.accepted', 'job.started', 'job.succeeded'];

describe('the lake', () => {
  it('stores a line in the lake for each fact, by day and hour', async () => {
    const { body } = await submit('csv-import', csvImport.example.input);
    await waitForOutcome('csv-import', body.jobId);
    const facts = await eventually('all facts', async () => {
      const mine = (await factsInTheLake()).filter(({ fact }) => (fact as { job_id: string }).job_id === body.jobId);
      return mine.length === EVENTS_OF_A_JOB.length && mine;
    });
    for (const { key, fact } of facts) {
      expect(key).toMatch(/^facts\/day=\d{4}-\d\d-\d\d\/hour=\d\d\//);
      expect(JobFact.parse(fact)).toMatchObject({ job_type: 'csv-import' });
    }
    const types = facts.map(({ fact }) => (fact as JobFact).event_type);
    expect(types.sort()).toEqual(EVENTS_OF_A_JOB);
  });

  it('Athena finds the facts of the last days, and counts each of a job’s facts once', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await submit('csv-import', csvImport.example.input)).body.jobId),
    );
    for (const id of ids) await waitForOutcome('csv-import', id);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const query = `
      SELECT job_id, COUNT(*) FROM distinct_facts
      WHERE day >= '${yesterday}' AND job_id IN (${ids.map((id) => `'${id}'`).join(', ')})
      GROUP BY job_id`;
    const counted = await eventually('all facts of each job', async () => {
      const rows = await queryFacts(query);
      return rows.filter(([, count]) => Number(count) === EVENTS_OF_A_JOB.length).length === ids.length && rows;
    });
    expect(counted.map(([id]) => id).sort()).toEqual(ids.sort());
  });
});

/** Every fact in the lake, with the key of its object. */
async function factsInTheLake(): Promise<{ key: string; fact: unknown }[]> {
  const keys = await lake.keys('facts/');
  const texts = await Promise.all(keys.map((key) => lake.get(key)));
  return keys.flatMap((key, index) => linesOf(texts[index]).map((line) => ({ key, fact: JSON.parse(line) })));
}

const linesOf = (text = '') => text.split('\n').filter(Boolean);
