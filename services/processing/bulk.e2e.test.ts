import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventually,
  frontDoorOf,
  getJob,
  one,
  other,
  request,
  submit,
  type Tenant,
  uploads,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import { uploadFile } from '@spillway/e2e/uploading.ts';

/** A type of another service than this one. */
const TYPE = 'misbehaving';
const good = { input: { behave: 'succeed' } };
const fileOf = (...lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

const upload = (file: string, as?: Tenant) => uploadFile(new Blob([file]), 'application/x-ndjson', as);

async function startBulk(pointer: string, changes: object = {}): Promise<string> {
  const id = `bulk-${randomUUID()}`;
  expect((await submit('bulk-submit', { type: TYPE, upload: pointer, ...changes }, id)).status).toBe(202);
  return id;
}

const bulk = async (pointer: string, changes: object = {}) =>
  waitForOutcome('bulk-submit', await startBulk(pointer, changes), 60);

/** The id of a line that names none. */
const idOf = (pointer: string, line: number) => `${pointer.slice('upload-'.length)}.${line}`;

describe('bulk files', () => {
  it('a bulk file that is scheduled is kept until it starts, which may be later than an unclaimed upload expires', async () => {
    const pointer = await upload(fileOf(good));
    const id = `bulk-${randomUUID()}`;
    const body = JSON.stringify({ type: TYPE, upload: pointer });
    const { status } = await request(`/jobs/bulk-submit/${id}?runAfter=3600`, { method: 'PUT', body });
    expect(status).toBe(202);
    await eventually('the job waits', async () => (await getJob('bulk-submit', id)).body.status === 'SCHEDULED');
    expect(await uploads.tags(`${one.clientId}/${pointer}`)).toEqual({ claim: 'job' });
    await frontDoorOf(one).cancel('bulk-submit', id);
  });

  it('a bulk file submits each line as a job of the type, of whatever service, and reports the lines that it refuses with reasons', async () => {
    const mine = `mine-${randomUUID()}`;
    const file = `${fileOf(good, { id: mine, ...good }, { input: { behave: 'fly' } })}oops\n\n${fileOf(good)}`;
    const pointer = await upload(file);
    const job = await bulk(pointer);
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { submitted: 3, refused: 2 } });
    const { report } = job.result as { report: string };
    const lines = (await (await fetch(report)).text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { line: 3, reason: expect.stringContaining('behave: ') },
      { line: 4, reason: 'the line is not JSON in UTF-8' },
    ]);
    for (const id of [idOf(pointer, 1), mine, idOf(pointer, 6)]) {
      expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    }
  });

  it('a bulk file starts no job twice when it is submitted again', async () => {
    const pointer = await upload(fileOf(good, good, good));
    const results = await Promise.all([bulk(pointer), bulk(pointer)]);
    for (const { result } of results) expect(result).toEqual({ submitted: 3, refused: 0 });
    expect((await bulk(pointer)).result).toEqual({ submitted: 3, refused: 0 });
    for (const line of [1, 2, 3]) {
      const job = await waitForOutcome(TYPE, idOf(pointer, line));
      expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      expect(job).not.toHaveProperty('conflicts');
    }
  });

  it('a bulk file is sent at the rate that the caller sets, and shows how far it is', async () => {
    // at 1 a second, a chunk has 300 lines
    const lines = Array.from({ length: 301 }, () => ({ ...good, id: '' }));
    const file = fileOf(...lines.slice(0, 298), good, good, good, good, good);
    const started = Date.now();
    const id = await startBulk(await upload(file), { ratePerSecond: 1 });
    const seen = await eventually('progress', async () => (await getJob('bulk-submit', id)).body.progress, 30);
    expect(seen).toEqual({ done: 300, total: 303, message: 'lines sent' });
    const { result } = await waitForOutcome('bulk-submit', id, 60);
    expect(result).toMatchObject({ submitted: 5, refused: 298 });
    expect(Date.now() - started).toBeGreaterThanOrEqual(5000);
  });

  it('a bulk file that is cancelled is stopped within seconds: it submits no more lines, and settles CANCELLED', async () => {
    // at 1 a second, this would take minutes
    const pointer = await upload(fileOf(...Array.from({ length: 290 }, () => good)));
    const id = await startBulk(pointer, { ratePerSecond: 1 });
    const isSent = async (line: number) => (await getJob(TYPE, idOf(pointer, line))).status === 200;
    await eventually('the first line', () => isSent(1), 30);
    expect((await frontDoorOf(one).cancel('bulk-submit', id)).status).toBe(202);
    expect(await waitForOutcome('bulk-submit', id)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
    expect((await frontDoorOf(one).cancel('bulk-submit', id)).status).toBe(409);
    // the step that sends looks every five seconds
    await sleep(5500);
    let next = 2;
    while (await isSent(next)) next += 1;
    await sleep(2500);
    expect([next < 30, await isSent(next)]).toEqual([true, false]);
  });

  it.each([
    ['is not JSON Lines', 'name,price\nbolt,1\n', {}, 'NOT_JSON_LINES'],
    ['has only empty lines', '\n \n', {}, 'EMPTY_FILE'],
    ['is for an unknown type', fileOf(good), { type: 'nowhere' }, 'TYPE_REFUSED'],
    ['is for bulk files', fileOf(good), { type: 'bulk-submit' }, 'TYPE_REFUSED'],
  ])('a bulk file that %s fails with the reason', async (_, file, changes, code) => {
    expect(await bulk(await upload(file), changes)).toMatchObject({ status: 'FAILED', error: { code } });
  });

  it('a bulk file that another tenant uploaded, or nobody, fails with the reason', async () => {
    for (const pointer of [await upload(fileOf(good), other), `upload-${randomUUID().replaceAll('-', '')}`]) {
      expect(await bulk(pointer)).toMatchObject({ status: 'FAILED', error: { code: 'UPLOAD_NOT_FOUND' } });
    }
  });

  it('a bulk file with a rate of 0 is refused', async () => {
    const answer = await submit('bulk-submit', { type: TYPE, upload: await upload(fileOf(good)), ratePerSecond: 0 });
    expect(answer.status).toBe(400);
  });

  it('a bulk file with a line of 2 MiB reports it, and sends the others', async () => {
    const long = { input: { behave: 'succeed', note: 'x'.repeat(2 * 1024 * 1024) } };
    const job = await bulk(await upload(fileOf(good, long, good)));
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { submitted: 2, refused: 1 } });
  });
});
