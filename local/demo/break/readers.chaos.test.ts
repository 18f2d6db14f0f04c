import { randomBytes } from 'node:crypto';
import { askLake, lakeFrom } from '@spillway/client/lake.ts';
import { ownTenant } from '@spillway/e2e/callers.ts';
import { engine, eventually, output, submit } from '@spillway/e2e/deployed.ts';
import { failuresOnBus } from '@spillway/e2e/example-cases.ts';
import { endReceivers, receiver } from '@spillway/e2e/receiver.ts';
import { webhooks } from '@spillway/e2e/webhooks.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { scopeOf, sqlOf, sqlText } from '@spillway/shared/lake/queries.ts';
import { injectFaults } from './faults.ts';
import { planFaults } from './plan.ts';

/** Both readers have this name. Nothing of theirs is given to others, so they are never late. */
const READERS = [{ name: 'on-job-changed', lateAfterSeconds: 0 }];
/** Its plan has kills and freezes. */
const SEED = 9;
const FAULTS = 8;
/** As many jobs at a time while the readers are broken. */
const JOBS_AT_ONCE = 5;
const BROKEN = { ...csvImport.example.input, csv: '"never closed' };
/** Accepted, started and failed. */
const FACTS_A_JOB = 3;

afterAll(endReceivers);

async function factsOf(trace: string): Promise<number> {
  const day = 86_400_000;
  const where = [`trace_id = ${sqlText(trace)}`, "job_type = 'csv-import'"];
  const scope = scopeOf(new Date(Date.now() - day), new Date(Date.now() + day), where);
  const { columns, rows } = await askLake(
    lakeFrom((name) => output('analytics', name)),
    sqlOf('cost', scope),
  );
  return Number(rows[0]?.[columns.indexOf('facts')] ?? 0);
}

it('every fact reaches the lake and every outcome the bus and a webhook, once by its id, while the readers of the stream are killed and frozen', async () => {
  const tenant = await ownTenant('readers');
  const { got, url } = await receiver();
  await webhooks.put('readers', { url, jobTypes: ['csv-import'] }, tenant);
  const trace = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${trace}-${'1'.repeat(16)}-01` };
  const ids: string[] = [];
  const ended = new AbortController();
  let breaking = true;
  const broken = injectFaults(engine.pid, READERS, planFaults(SEED, FAULTS), ended.signal).finally(() => {
    breaking = false;
  });
  try {
    while (breaking) {
      const some = Array.from({ length: JOBS_AT_ONCE }, () =>
        submit('csv-import', BROKEN, undefined, { headers, as: tenant }),
      );
      ids.push(...(await Promise.all(some)).flatMap(({ status, body }) => (status === 202 ? body.jobId : [])));
    }
  } finally {
    ended.abort();
  }
  const hits = await broken;
  expect(hits.kill).toBeGreaterThan(0);
  expect(hits.freeze).toBeGreaterThan(0);
  ids.sort();
  const sorted = (found: string[]) => found.toSorted().join() === ids.join();
  await eventually('each outcome on the bus', async () => sorted(await failuresOnBus(tenant)));
  const once = () => [...new Map(got.map(({ headers: { 'webhook-id': id }, body }) => [id, body])).values()];
  await eventually('each outcome at the webhook', async () =>
    sorted(once().map((body) => JSON.parse(body).data.jobId)),
  );
  await eventually('each fact in the lake', async () => (await factsOf(trace)) === FACTS_A_JOB * ids.length);
});
