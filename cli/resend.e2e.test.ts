import { randomBytes, randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { bucket } from '@spillway/e2e/bucket.ts';
import { ownTenant } from '@spillway/e2e/callers.ts';
import { archive, eventually, lake, output, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { deliveriesOf, failuresOnBus } from '@spillway/e2e/example-cases.ts';
import { failedRow } from '@spillway/e2e/failed-row.ts';
import { endReceivers, receiver } from '@spillway/e2e/receiver.ts';
import { whileRefused } from '@spillway/e2e/refusals.ts';
import { webhooks } from '@spillway/e2e/webhooks.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import { REFUSED_PREFIX } from '@spillway/shared/lake/table.ts';
import { spillway } from './testing/run-spillway.ts';

const BROKEN = { ...csvImport.example.input, csv: '"never closed' };

/** How many jobs run while a destination refuses everything of their tenant. */
const JOBS = 20;
/** Accepted, started and failed. */
const FACTS_A_JOB = 3;

const READERS = ['streams', 'analytics'];
/** The end of the id of the job whose record was parked. */
const LATER = '-parked';
const givenUp = READERS.map((service) => bucket(output(service, 'FailuresBucketName')));
/** As Lambda begins its keys: the event source, the shard and the day. */
const GIVEN_UP = 'aws/lambda/0c1c3f5e-0000-4000-8000-000000000000/shardId-1/2026/11/27/';

/** Whether an object below a prefix mentions a job. */
async function mentions(bucket: typeof lake, prefix: string, jobId: string): Promise<boolean> {
  for (const key of await bucket.keys(prefix)) if ((await bucket.get(key))?.includes(jobId)) return true;
  return false;
}

/** How many of the stored lines below a prefix contain a text. */
async function linesWith(text: string, { keys, get }: typeof lake, prefix: string): Promise<number> {
  const texts = await Promise.all((await keys(prefix)).map(get));
  return texts.flatMap((each = '') => each.split('\n')).filter((line) => line.includes(text)).length;
}

/** Submits jobs that fail. @returns their ids, once all have failed */
async function failJobs(as: Tenant, headers: Record<string, string>): Promise<string[]> {
  const submitted = Array.from({ length: JOBS }, () => submit('csv-import', BROKEN, undefined, { headers, as }));
  const ids = (await Promise.all(submitted)).map(({ body }) => body.jobId);
  for (const id of ids) await waitForOutcome('csv-import', id, undefined, as);
  return ids;
}

afterAll(endReceivers);

/**
 * Puts an object into the failures bucket of each reader of the stream, as Lambda does when it gives up on records: the first write
 * of a failed job, and a row that is not a job. The engine never gives up. Also parks the first write of another job, as the readers do.
 */
async function giveUp(jobId: string, tenant: string, traceId: string): Promise<void> {
  const row = failedRow({ tenant, jobId, traceId }, { code: 'GIVEN_UP', message: 'the reader crashed' });
  const Records = [{ pk: 'poison' }, row].map((image) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: '1', NewImage: marshall(image) },
  }));
  const invocation = {
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: row.acceptedAt,
    DDBStreamBatchInfo: { shardId: 'shardId-1', batchSize: Records.length },
    payload: JSON.stringify({ Records }),
  };
  for (const failures of givenUp) await failures.put(`${GIVEN_UP}${jobId}`, JSON.stringify(invocation));
  // what a reader that has been repaired meanwhile could not read
  const later = { ...row, pk: `${row.pk}${LATER}`, jobId: `${jobId}${LATER}` };
  const record = { eventName: 'INSERT', dynamodb: { SequenceNumber: '2', NewImage: marshall(later) } };
  for (const reader of READERS) {
    await archive.put(`parked/${reader}/${jobId}.json`, JSON.stringify({ reason: 'a bug', record }));
  }
}

describe('what the bus, the lane of webhook-delivery and Firehose refuse, and what the event sources give up on', () => {
  it('is stored while the good events and facts pass, and one command each sends it again, so that every job counts once', async () => {
    const refusedId = `refused-${randomUUID()}`;
    const givenUpId = `given-up-${randomUUID()}`;
    // a tenant of this test alone, whose webhook gets only its events
    const tenant = await ownTenant('resend');
    const { got, url } = await receiver();
    await webhooks.put('resent', { url, events: ['job.failed'] }, tenant);
    const postsOf = (jobId: string) => got.filter(({ body }) => body.includes(jobId)).length;
    const trace = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${trace}-${'1'.repeat(16)}-01` };
    const report = async () => {
      const { out, error } = await spillway(['report', '--trace', trace, '--query', 'cost', '--json']);
      if (error) throw new Error(error);
      const rows = JSON.parse(out)[0].rows as Record<string, unknown>[];
      // the delivery has the same trace
      return rows.filter(({ job_type: type }) => type === 'csv-import');
    };
    await whileRefused(refusedId, async () => {
      await submit('csv-import', BROKEN, refusedId, { headers, as: tenant });
      await waitForOutcome('csv-import', refusedId, undefined, tenant);
      for (const destination of ['bus', 'webhooks']) {
        const prefix = `${REFUSED_EVENTS_PREFIX}${destination}/`;
        await eventually(`the event refused by ${destination}`, () => mentions(archive, prefix, refusedId));
      }
      await eventually('the refused facts', () => mentions(lake, REFUSED_PREFIX, refusedId));
      // the shard goes on
      const good = await submit('csv-import', BROKEN, undefined, { headers, as: tenant });
      await waitForOutcome('csv-import', good.body.jobId, undefined, tenant);
      await eventually('the good event', async () => (await deliveriesOf(good.body.jobId)).length > 0);
      await eventually('the good facts', async () => (await report())[0]?.facts === 3);
      await eventually('the good delivery', async () => postsOf(good.body.jobId) === 1);
      expect([await deliveriesOf(refusedId), postsOf(refusedId)]).toEqual([[], 0]);
    });

    await giveUp(givenUpId, tenant.clientId, trace);

    for (const command of [
      ['lake', 'replay'],
      ['events', 'resend'],
    ]) {
      const counted = await spillway([...command, '--dry-run']);
      expect(counted.out).toMatch(
        /^[1-9]\d* (facts|events) in [1-9]\d* objects did not arrive\. 1 more cannot be read, and would be put aside\.\n$/,
      );
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
    await eventually('the delivery that was sent again', async () => postsOf(refusedId) === 1);
    await eventually('the event that was given up', async () => (await deliveriesOf(givenUpId)).length > 0);
    await eventually('the event that was parked', async () => (await deliveriesOf(`${givenUpId}${LATER}`)).length > 0);
    await eventually('the deliveries of both', async () => postsOf(givenUpId) === 2);
    for (const reader of READERS) expect(await archive.get(`parked/${reader}/${givenUpId}.json`)).toBeUndefined();
    for (const failures of givenUp) {
      expect(await failures.keys(GIVEN_UP)).toEqual([]);
      expect(await failures.get(`unreadable/${GIVEN_UP}${givenUpId}`)).toContain('poison');
    }
    const [row] = await eventually('the facts that were sent again', async () => {
      const rows = await report();
      return rows[0]?.facts === 10 && rows;
    });
    expect(row).toMatchObject({ job_type: 'csv-import', jobs: 4, attempts: 2, facts: 10 });
  });

  it('is stored even if it is everything of a tenant, and arrives once by its id when it is sent again', async () => {
    const tenant = await ownTenant('resend');
    const trace = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${trace}-${'1'.repeat(16)}-01` };
    const factsInLake = async () => {
      const { out } = await spillway(['report', '--trace', trace, '--query', 'cost', '--json']);
      return JSON.parse(out)[0].rows[0]?.facts ?? 0;
    };
    const ids: string[] = [];
    // as the bus gets it, and as Firehose does
    const [event, fact] = [`"tenant":"${tenant.clientId}","jobType"`, `"tenant":"${tenant.clientId}","job_type"`];
    const [events, facts] = [`${REFUSED_EVENTS_PREFIX}bus/`, REFUSED_PREFIX];
    await whileRefused(event, async () => {
      ids.push(...(await failJobs(tenant, headers)));
      await eventually('all events', async () => (await linesWith(event, archive, events)) === JOBS);
    });
    expect(await failuresOnBus(tenant)).toEqual([]);
    await eventually('the facts of these jobs', async () => (await factsInLake()) === JOBS * FACTS_A_JOB);
    await whileRefused(fact, async () => {
      ids.push(...(await failJobs(tenant, headers)));
      await eventually('all facts', async () => (await linesWith(fact, lake, facts)) === JOBS * FACTS_A_JOB);
    });
    expect(await factsInLake()).toBe(JOBS * FACTS_A_JOB);
    for (const command of [
      ['events', 'resend'],
      ['lake', 'replay'],
    ]) {
      expect(await spillway([...command, '--yes'])).toMatchObject({ code: 0 });
    }
    await eventually('all events on the bus', async () => (await failuresOnBus(tenant)).length === ids.length);
    expect((await failuresOnBus(tenant)).sort()).toEqual(ids.sort());
    await eventually('all facts in the lake', async () => (await factsInLake()) === ids.length * FACTS_A_JOB);
    expect(await linesWith(event, archive, events)).toBe(0);
    expect(await linesWith(fact, lake, facts)).toBe(0);
  });
});
