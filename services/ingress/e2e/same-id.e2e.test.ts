import { randomUUID } from 'node:crypto';
import { eventually, getJob, one, other, request, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';

const TYPE = csvImport.name;
const input = csvImport.example.input;
const otherInput = { ...input, csv: `${input.csv}\nA-9,9,2026-03-01` };
const post = (key: string, header = 'Idempotency-Key', body: unknown = input) =>
  submit(TYPE, body, undefined, { headers: { [header]: key } });

const conflicted = (type: string, id: string, count: number) =>
  eventually(`${count} conflicts of ${type} ${id}`, async () => {
    const { body } = await getJob(type, id);
    return body.conflicts?.count === count && body;
  });

describe('the header Idempotency-Key', () => {
  it('an Idempotency-Key names the job of a POST, as the path of a PUT does', async () => {
    const id = randomUUID();
    const { status, headers, body } = await post(id);
    expect(status).toBe(202);
    expect(headers.get('location')).toContain(`/jobs/${TYPE}/${id}?acceptedAt=`);
    expect(body).toEqual({ jobId: id, status: 'QUEUED', links: { self: headers.get('location') } });
    for (const again of [await post(id, 'idempotency-key'), await post(`"${id}"`), await submit(TYPE, input, id)]) {
      expect([again.status, again.body.jobId]).toEqual([202, id]);
    }
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(job).not.toHaveProperty('conflicts');
  });

  it('an Idempotency-Key that is not a valid id is accepted, and its job fails with the reason', async () => {
    const key = `not valid ${randomUUID()}`;
    const { status, headers, body } = await post(key);
    expect([status, body.jobId]).toEqual([202, key]);
    expect(headers.get('location')).toContain(encodeURIComponent(key));
    expect(await waitForOutcome(TYPE, key)).toMatchObject({ status: 'FAILED', error: { code: 'INVALID_JOB_ID' } });
  });

  it('an Idempotency-Key without a value names nothing, so each POST is a job of its own', async () => {
    const ids = [await post(''), await post('')].map(({ body }) => body.jobId);
    expect(new Set(ids).size).toBe(2);
  });

  it('the same Idempotency-Key of two tenants names two jobs', async () => {
    const id = randomUUID();
    await post(id);
    await submit(TYPE, otherInput, undefined, { as: other, headers: { 'Idempotency-Key': id } });
    const jobs = [await waitForOutcome(TYPE, id, 30, one), await waitForOutcome(TYPE, id, 30, other)];
    for (const job of jobs) expect(job).not.toHaveProperty('conflicts');
  });
});

describe('a conflicting duplicate', () => {
  it('another body under an id leaves the first job as it is, and its status says how many came and when', async () => {
    const id = randomUUID();
    await submit(TYPE, input, id);
    const first = await waitForOutcome(TYPE, id);
    const since = Date.now();
    expect((await submit(TYPE, otherInput, id)).status).toBe(202);
    const { conflicts, ...rest } = await conflicted(TYPE, id, 1);
    expect(rest).toEqual(first);
    expect(Math.abs(Date.parse(conflicts?.lastAt ?? '') - since)).toBeLessThan(30_000);
    await post(id, 'Idempotency-Key', { ...input, csv: 'no columns' });
    await conflicted(TYPE, id, 2);
    await submit(TYPE, input, id);
    expect((await conflicted(TYPE, id, 2)).status).toBe('SUCCEEDED');
  });

  it('a conflicting duplicate in an ordered lane is counted at once, although FIFO would deduplicate by id', async () => {
    const id = randomUUID();
    const posting = ledgerPosting.example.input;
    await submit(ledgerPosting.name, posting, id);
    await submit(ledgerPosting.name, { ...posting, reference: 'order-1002' }, id);
    expect(await conflicted(ledgerPosting.name, id, 1)).toMatchObject({ attempts: 1 });
  });

  it('an id that is used again in an ordered lane, under another key, is a conflict and posts nothing', async () => {
    const id = randomUUID();
    const posting = ledgerPosting.example.input;
    const account = `customer-${id.slice(0, 8)}`;
    const lines = posting.lines.map((line) => (line.account === posting.account ? { ...line, account } : line));
    const elsewhere = { ...posting, account, lines };
    await submit(ledgerPosting.name, posting, id);
    await waitForOutcome(ledgerPosting.name, id);
    await submit(ledgerPosting.name, elsewhere, id);
    expect((await conflicted(ledgerPosting.name, id, 1)).result).toBeDefined();
  });

  it('openapi.json describes the header for POST and not for PUT', async () => {
    type Operation = { parameters: { name?: string; $ref?: string }[] };
    const { body } = await request<{
      paths: Record<string, { post?: Operation; put?: Operation }>;
      components: { parameters: Record<string, { name: string }> };
    }>('/openapi.json');
    const namesOf = (operation?: Operation) =>
      operation?.parameters.map(
        ({ name, $ref = '' }) => name ?? body.components.parameters[$ref.split('/').at(-1) ?? '']?.name,
      );
    expect(namesOf(body.paths[`/jobs/${TYPE}`]?.post)).toContain('Idempotency-Key');
    expect(namesOf(body.paths[`/jobs/${TYPE}/{jobId}`]?.put)).not.toContain('Idempotency-Key');
  });
});
