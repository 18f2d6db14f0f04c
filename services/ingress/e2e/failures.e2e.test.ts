import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { adminRequest } from '@spillway/e2e/administrator.ts';
import { eventually, laneUrl, one, other, sqs, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import type { Failure } from '@spillway/shared/contracts/failure.ts';

const TYPE = 'misbehaving';

/** Submits a job that fails, and waits until it has. @returns its id */
async function fail(behave: string, as: Tenant = one): Promise<string> {
  const id = `${behave}-${randomUUID()}`;
  expect((await submit(TYPE, { behave }, id, { as })).status).toBe(202);
  await waitForOutcome(TYPE, id, 30, as);
  return id;
}

/** The failures that fit, of all pages. */
async function failures(query: Record<string, string> = {}): Promise<Failure[]> {
  const found: Failure[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await adminRequest(
      `/admin/failures?${new URLSearchParams({ ...query, ...(cursor && { cursor }) })}`,
    );
    expect(status).toBe(200);
    found.push(...body.failures);
    cursor = body.cursor;
  } while (cursor);
  return found;
}
const ids = (found: Failure[]) => found.map(({ jobId }) => jobId);

describe('the failures of all tenants', () => {
  it('an operator finds failed jobs of all tenants, newest first, by type, tenant, code and time', async () => {
    const start = new Date().toISOString();
    const mine = await fail('fail-permanently');
    const between = new Date().toISOString();
    const theirs = await fail('return-nonsense', other);
    // other tests fail jobs of this type at the same time
    const found = async (query: Record<string, string> = {}) =>
      (await failures({ type: TYPE, from: start, ...query })).filter(({ jobId }) => [mine, theirs].includes(jobId));
    expect(await found()).toEqual([
      {
        tenant: other.clientId,
        type: TYPE,
        jobId: theirs,
        code: 'RESULT_REFUSED',
        message: expect.stringContaining('does not fit its contract'),
        failedAt: expect.stringMatching(/^2/),
      },
      expect.objectContaining({ tenant: one.clientId, jobId: mine, code: 'NO_SUCH_THING' }),
    ]);
    const only = async (query: Record<string, string>) => ids(await found(query));
    expect(await only({ tenant: one.clientId })).toEqual([mine]);
    expect(await only({ code: 'RESULT_REFUSED' })).toEqual([theirs]);
    expect(await only({ to: between })).toEqual([mine]);
    expect(await only({ limit: '1' })).toEqual([theirs, mine]);
    expect(await only({ type: 'order-fulfilment' })).toEqual([]);
    const ofAllTypes = await failures({ from: start });
    expect(ids(ofAllTypes).filter((id) => [mine, theirs].includes(id))).toEqual([theirs, mine]);
    const times = ofAllTypes.map(({ failedAt }) => failedAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect([await only({ replayed: 'true' }), await only({ replayed: 'false' })]).toEqual([[], [theirs, mine]]);
  });

  it('one failure shows the input as it was sent, the attempts, the error and a link to the logs', async () => {
    const id = await fail('fail-always');
    const { status, body } = await adminRequest(`/admin/failures/${one.clientId}/${TYPE}/${id}`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        jobId: id,
        code: 'Error',
        message: 'this never works',
        status: 'FAILED',
        attempts: 2,
        input: JSON.stringify({ behave: 'fail-always' }),
        attributes: expect.objectContaining({ tenant: one.clientId, jobId: id }),
        links: { logs: expect.stringMatching(/^https:\/\/.*logs-insights.*misbehaving-local-misbehaving/) },
      }),
    ]);
    expect(body.history).toHaveLength(5);
  });

  it('an operator finds a parked message with the reason, and shows it', async () => {
    const { MessageId = '' } = await sqs.send(
      new SendMessageCommand({ QueueUrl: laneUrl('csv-import'), MessageBody: 'hello', MessageGroupId: 'nobody' }),
    );
    const found = await eventually('the parked message', async () =>
      (await failures({ type: 'csv-import', code: 'PARKED' })).find(({ jobId }) => jobId === MessageId),
    );
    expect(found).toMatchObject({ tenant: '-', message: expect.stringContaining('"tenant"') });
    const { status, body } = await adminRequest(`/admin/failures/-/csv-import/${MessageId}`);
    expect([status, body]).toEqual([200, expect.objectContaining({ code: 'PARKED', input: 'hello' })]);
    expect(body).not.toHaveProperty('status');
  });

  it.each([
    ['an unknown parameter', 'status=FAILED', 'status:'],
    ['an invalid time', 'from=yesterday', 'from:'],
    ['an unknown job type', 'type=nothing', 'type:'],
  ])('refuses to list failures with %s, and names it', async (_, query, detail) => {
    const { status, headers, body } = await adminRequest(`/admin/failures?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toContain(detail);
  });

  it('answers 404 for a failure of a job that succeeded or that nobody knows', async () => {
    const { body } = await submit(TYPE, { behave: 'succeed' });
    await waitForOutcome(TYPE, body.jobId);
    for (const id of [body.jobId, 'unknown']) {
      expect((await adminRequest(`/admin/failures/${one.clientId}/${TYPE}/${id}`)).status).toBe(404);
    }
  });
});
