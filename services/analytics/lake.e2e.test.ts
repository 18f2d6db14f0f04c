import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { eventually, factsInTheLake, outcomeOf, submit } from '@spillway/shared/testing/engine.ts';

describe('the lake', () => {
  it('stores a line in the lake for each fact, by day and hour', async () => {
    const { body } = await submit('csv-import', csvImport.example.input);
    await outcomeOf('csv-import', body.jobId);
    const facts = await eventually('both facts', async () => {
      const mine = (await factsInTheLake()).filter(({ fact }) => (fact as { job_id: string }).job_id === body.jobId);
      return mine.length === 2 && mine;
    });
    for (const { key, fact } of facts) {
      expect(key).toMatch(/^facts\/day=\d{4}-\d\d-\d\d\/hour=\d\d\//);
      expect(JobFact.parse(fact)).toMatchObject({ job_type: 'csv-import', attempt: 1 });
    }
  });
});
