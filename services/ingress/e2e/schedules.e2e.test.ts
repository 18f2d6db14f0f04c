import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { getJob, listJobs, one, other, request, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { fireSchedule } from '@spillway/e2e/passing-time.ts';
import { firingJobId } from '@spillway/shared/contracts/firing.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import type { Schedule, ScheduleList } from '@spillway/shared/contracts/schedules.ts';

const { input } = csvImport.example;
const hourly = { type: 'csv-import', input, expression: 'rate(1 hour)' };

const put = (name: string, body: unknown, as = one) =>
  request<Schedule>(`/schedules/${name}`, { as, method: 'PUT', body: JSON.stringify(body) });
const get = (name: string, as = one) => request<Schedule>(`/schedules/${name}`, { as });
const remove = (name: string, as = one) => request(`/schedules/${name}`, { as, method: 'DELETE' });
const namesOf = async (as = one) =>
  (await request<ScheduleList>('/schedules', { as })).body.schedules.map(({ name }) => name);

const plusMinutes = (time: Date, minutes: number) => new Date(time.getTime() + minutes * 60_000);

afterAll(async () => {
  for (const as of [one, other]) for (const name of await namesOf(as)) await remove(name, as);
});

describe('a schedule', () => {
  it('submits a job at each of its times, with an id made from its name and the time, until it ends', async () => {
    // two for the same minute are two jobs, and the one that is paused submits none
    const everyMinute = { ...hourly, expression: 'cron(* * * * ? *)', timezone: 'Asia/Kolkata' };
    // the next full minute, unless it comes before the schedule is there
    const due = new Date(Math.ceil((Date.now() + 5000) / 60_000) * 60_000);
    // it ends before it would run again
    const { body } = await put('each-minute', { ...everyMinute, endsAt: plusMinutes(due, 0.9) });
    await put('paused', { ...everyMinute, paused: true });
    expect(new Date(body.nextRunAt ?? '') <= due).toBe(true);
    await sleep(due.getTime() - Date.now());
    const jobId = firingJobId('each-minute', due);
    const job = await waitForOutcome('csv-import', jobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', acceptedAt: due.toISOString() });
    const { lastRun, nextRunAt } = (await get('each-minute')).body;
    expect(nextRunAt).toBeUndefined();
    expect(lastRun).toMatchObject({
      at: due.toISOString(),
      jobId,
      status: 'SUCCEEDED',
      links: { job: expect.stringMatching(`/jobs/csv-import/${jobId}$`) },
    });
    const { jobs } = (await listJobs('csv-import', { limit: '100' })).body;
    expect(jobs.filter((each) => each.jobId.startsWith('paused-'))).toEqual([]);
    expect((await remove('each-minute')).status).toBe(204);
  });

  it('submits no job after its end, and only one for a time at which it fires twice', async () => {
    const type = 'misbehaving-ordered';
    const scheduled = {
      type,
      input: { behave: 'succeed', key: `schedule-${randomUUID()}` },
      expression: 'cron(* * * * ? *)',
    };
    const now = new Date();
    const endsAt = plusMinutes(now, 3);
    await put('ending', { ...scheduled, endsAt });
    const fire = () => fireSchedule(one, 'ending', now, plusMinutes(now, 60));
    const fired = await fire();
    expect(await fire()).toEqual(fired);
    await remove('ending');
    const last = fired.at(-1) ?? now;
    expect([last <= endsAt, plusMinutes(last, 1) > endsAt]).toEqual([true, true]);
    // its lane is ordered: once the job behind them has run, all their messages have been handled
    const behind = `behind-${randomUUID()}`;
    await submit(type, scheduled.input, behind);
    await waitForOutcome(type, behind);
    for (const at of fired) {
      const { body } = await getJob(type, firingJobId('ending', at));
      expect(body).toMatchObject({ status: 'SUCCEEDED', attempts: 1, acceptedAt: at.toISOString() });
      expect(body.history.map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED']);
    }
    expect((await getJob(type, firingJobId('ending', plusMinutes(last, 1)))).status).toBe(404);
  });

  it('is new at first, and is replaced by the same name, without losing its rhythm', async () => {
    const first = await put('report', hourly);
    expect([first.status, first.headers.get('location')]).toEqual([201, first.body.links.self]);
    expect(first.body).toMatchObject({ name: 'report', timezone: 'UTC', paused: false, input });
    const second = await put('report', { ...hourly, endsAt: '2099-01-01T00:00:00+02:00' });
    expect([second.status, second.body.nextRunAt]).toEqual([200, first.body.nextRunAt]);
    expect((await get('report')).body).toEqual(second.body);
    expect(second.body.endsAt).toBe('2098-12-31T22:00:00.000Z');
  });

  it('says when it runs next, unless it is paused', async () => {
    const { body } = await put('yearly', { ...hourly, expression: 'cron(30 2 1 1 ? *)', timezone: 'Europe/Berlin' });
    expect(body.nextRunAt).toMatch(/^\d{4}-01-01T01:30:00.000Z$/);
    const paused = await put('yearly', { ...hourly, expression: 'cron(30 2 1 1 ? *)', paused: true });
    expect([paused.body.paused, paused.body.nextRunAt]).toEqual([true, undefined]);
  });

  it('takes an input with numbers beyond a double, and keywords of Scheduler, as it is', async () => {
    const csv = 'sku,quantity\n<aws.scheduler.scheduled-time>,1\n';
    const { body } = await put('verbatim', { ...hourly, input: { ...input, csv } });
    expect((body.input as typeof input).csv).toBe(csv);
  });

  it('belongs to its tenant: another one does not see it, and may use its name', async () => {
    await put('mine', hourly);
    expect((await get('mine', other)).status).toBe(404);
    expect((await remove('mine', other)).status).toBe(404);
    expect(await namesOf(other)).not.toContain('mine');
    expect((await put('mine', { ...hourly, paused: true }, other)).status).toBe(201);
    expect((await get('mine')).body.paused).toBe(false);
  });

  it('is gone after it was deleted', async () => {
    await put('short-lived', hourly);
    expect(await namesOf()).toContain('short-lived');
    expect((await remove('short-lived')).status).toBe(204);
    expect((await remove('short-lived')).status).toBe(404);
    expect((await get('short-lived')).status).toBe(404);
    expect(await namesOf()).not.toContain('short-lived');
  });

  it('is one of at most a hundred of its tenant', async () => {
    const names = await namesOf(other);
    const more = Array.from({ length: 100 - names.length }, (_, index) => `many-${index}`);
    for (const name of more) expect((await put(name, { ...hourly, paused: true }, other)).status).toBe(201);
    const { status, body } = await put('one-too-many', hourly, other);
    expect([status, body.detail]).toEqual([409, expect.stringContaining('100 schedules')]);
    expect((await put('many-0', hourly, other)).status).toBe(200);
  }, 240_000);

  it.each([
    ['an unknown type', { ...hourly, type: 'no-such-type' }, '^type: .*no-such-type'],
    ['a type that only the platform submits', { ...hourly, type: 'replay-jobs' }, '^type: '],
    ['a type that is a path', { ...hourly, type: '../../secrets' }, '^type: '],
    ['an input that the contract refuses', { ...hourly, input: { csv: 1 } }, '^input.csv: '],
    ['no input', { type: 'csv-import', expression: 'rate(1 hour)' }, '^input'],
    ['an unknown field', { ...hourly, cron: '* * * * *' }, 'cron'],
    ['a bad expression', { ...hourly, expression: 'cron(61 * * * ? *)' }, '^expression: '],
    ['a cron line of another kind', { ...hourly, expression: '* * * * *' }, '^expression: use "rate'],
    ['an expression that never comes', { ...hourly, expression: 'cron(0 0 30 2 ? *)' }, '^expression: '],
    ['an impossible time zone', { ...hourly, timezone: 'Mars/Olympus' }, '^timezone: '],
    ['an end in the past', { ...hourly, endsAt: '2020-01-01T00:00:00Z' }, '^endsAt: '],
    ['an end that is not a time', { ...hourly, endsAt: 'tomorrow' }, '^endsAt: '],
    ['a body that is not an object', [], 'expected object'],
  ])('is refused with 400 and the reason for %s', async (_, body, reason) => {
    const answer = await put('refused', body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(answer.body.detail).toMatch(new RegExp(reason));
    expect((await get('refused')).status).toBe(404);
  });

  it('is refused with 400 for a name that cannot become part of a job id', async () => {
    for (const name of ['a.b', 'x'.repeat(41), '%20']) {
      const { status, body } = await put(name, hourly);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(/^name: /)]);
    }
  });

  it('is refused with 400 for a body that is not JSON', async () => {
    const { status, body } = await request('/schedules/refused', { method: 'PUT', body: '{' });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('not JSON')]);
  });
});
