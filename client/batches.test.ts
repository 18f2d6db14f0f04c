import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import type { Client } from './index.ts';
import { doorForTests } from './testing/door-server.ts';

const { input } = csvImport.example;
const door = doorForTests();
let jobs: Client['jobs'];
beforeAll(() => {
  jobs = door.client().jobs;
});

describe('a batch of the client', () => {
  const accepted = (body: string) => ({
    status: 202,
    body: {
      jobs: JSON.parse(body).jobs.map(({ id }: { id: string }) => ({
        jobId: id,
        status: 'QUEUED',
        links: { self: `/jobs/csv-import/${id}` },
      })),
    },
  });

  it('splits 2,500 jobs into batches of at most 1,000, and reports what became of each in order', async () => {
    door.answers(({ body }) => accepted(body));
    const ids = Array.from({ length: 2500 }, (_, n) => `job-${n}`);
    const outcomes = await jobs.csvImport.batch(ids.map((id) => ({ id, input })));
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(ids);
    expect(door.received.map(({ body }) => JSON.parse(body).jobs.length).sort()).toEqual([1000, 1000, 500]);
  });

  it('keeps each batch below 5 MB', async () => {
    door.answers(({ body }) => accepted(body));
    const csv = 'x'.repeat(200_000);
    async function* entries() {
      for (let n = 0; n < 40; n += 1) yield { input: { ...input, csv } };
    }
    expect(await jobs.csvImport.batch(entries())).toHaveLength(40);
    for (const { body } of door.received) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(door.received.length).toBe(2);
  });

  it('reports the refusal of a whole batch for each of its jobs, and keeps what other batches did', async () => {
    door.answers(({ body }) =>
      JSON.parse(body).jobs.length < 1000 ? { status: 400, body: { status: 400, detail: 'Nothing.' } } : accepted(body),
    );
    const outcomes = await jobs.csvImport.batch(Array.from({ length: 1001 }, () => ({ input })));
    expect(outcomes.filter((outcome) => 'problem' in outcome)).toEqual([
      { jobId: expect.any(String), problem: { status: 400, detail: 'Nothing.' } },
    ]);
    expect(outcomes.at(-1)).toMatchObject({ problem: { detail: 'Nothing.' } });
  });

  it('sends the batches of an ordered lane one after the other, and nothing that would overtake a job that was not sent', async () => {
    const posting = ledgerPosting.example.input;
    const entries = Array.from({ length: 3000 }, (_, n) => ({ id: `posting-${n}`, input: posting }));
    door.answers(({ body }, n) => (n === 2 ? { status: 503 } : accepted(body)));
    const outcomes = await jobs.ledgerPosting.batch(entries, { tries: 1 });
    const firsts = door.received.map(({ body }) => JSON.parse(body).jobs[0].id);
    expect(firsts).toEqual(['posting-0', 'posting-1000']);
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(entries.map(({ id }) => id));
    expect(outcomes[999]).not.toHaveProperty('problem');
    expect(outcomes[1000]).toMatchObject({ problem: { status: 503 } });
    expect(outcomes[2000]).toMatchObject({ problem: { title: 'NOT_SENT' } });
  });

  it('goes on in an ordered lane behind a job whose input is refused', async () => {
    door.answers(({ body }, n) => {
      if (n > 1) return accepted(body);
      const { jobs: all } = accepted(body).body;
      return { status: 202, body: { jobs: [{ problem: { status: 400, detail: 'No.' } }, ...all.slice(1)] } };
    });
    const outcomes = await jobs.ledgerPosting.batch(
      Array.from({ length: 1001 }, () => ({ input: ledgerPosting.example.input })),
    );
    expect(outcomes.filter((outcome) => 'problem' in outcome)).toHaveLength(1);
  });

  it('sends nothing for no jobs', async () => {
    door.answers(() => ({}));
    expect(await jobs.csvImport.batch([])).toEqual([]);
    expect(door.received).toEqual([]);
  });
});
