import { randomUUID } from 'node:crypto';
import { one, other, output, request, submit, type Tenant, uploads, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { expireObjects } from '@spillway/e2e/passing-time.ts';
import { beginUpload, sendUpload, uploadFile } from '@spillway/e2e/uploading.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { CLAIMED_DAYS, UNCLAIMED_DAYS, type UploadCreated, uploadKey } from '@spillway/shared/contracts/upload.ts';

const { csv = '', ...rules } = csvImport.example.input;

/** Begins the upload of a CSV file. */
const begin = (bytes: number) => beginUpload(bytes, 'text/csv');

/** Sends the form as a browser would. @returns the status of S3 */
const send = (begun: UploadCreated, file: string | Uint8Array<ArrayBuffer>, changes?: Record<string, string>) =>
  sendUpload(begun, new Blob([file]), changes);

const upload = (text: string, as?: Tenant) => uploadFile(new Blob([text]), 'text/csv', as);

async function importFile(file: string, as: Tenant = one, withinSeconds?: number) {
  const id = randomUUID();
  expect((await submit('csv-import', { ...rules, file }, id, { as })).status).toBe(202);
  return waitForOutcome('csv-import', id, withinSeconds, as);
}

describe('uploads', () => {
  it('an uploaded file is imported, and all its rows are behind a link in the result', async () => {
    const job = await importFile(await upload(csv));
    const { allRows, ...result } = job.result as { allRows: string };
    expect(result).toEqual(csvImport.example.result);
    const rows = await (await fetch(allRows)).text();
    expect(rows).toBe(`${JSON.stringify(csvImport.example.result.rows[0])}\n`);
  });

  it('a job claims the upload that it opens, so that it outlives retries and replays, and can be opened again', async () => {
    const file = await upload(csv);
    expect((await importFile(file)).status).toBe('SUCCEEDED');
    expect(await uploads.tags(`${one.clientId}/${file}`)).toEqual({ claim: 'job' });
    expect((await importFile(file)).status).toBe('SUCCEEDED');
  });

  it('an upload that no job opens expires, and the job that opens it too late fails with the reason; one that a job has opened is kept', async () => {
    const [unclaimed, claimed] = [await upload(csv), await upload(csv)];
    expect((await importFile(claimed)).status).toBe('SUCCEEDED');
    /** Which of the two are there after some days. */
    const leftAfter = async (days: number) => {
      const at = new Date(Date.now() + days * 86_400_000);
      const keys = [unclaimed, claimed].map((pointer) => uploadKey(one.clientId, pointer));
      for (const key of keys) await expireObjects(output('processing', 'UploadBucketName'), key, at);
      const left = await Promise.all(keys.map((key) => uploads.keys(key)));
      return left.flat().map((key) => (key === keys[0] ? 'unclaimed' : 'claimed'));
    };
    expect(await leftAfter(UNCLAIMED_DAYS - 1)).toEqual(['unclaimed', 'claimed']);
    // S3 deletes at the midnight after the last day
    expect(await leftAfter(UNCLAIMED_DAYS + 1)).toEqual(['claimed']);
    const late = await importFile(unclaimed);
    expect([late.status, late.error?.code]).toEqual(['FAILED', 'UPLOAD_NOT_FOUND']);
    expect(late.error?.message).toContain(`no job opened it within ${UNCLAIMED_DAYS} days`);
    expect((await importFile(claimed)).status).toBe('SUCCEEDED');
    expect(await leftAfter(CLAIMED_DAYS + 1)).toEqual([]);
  });

  it('a pointer works for the tenant that uploaded and for no other', async () => {
    const file = await upload(csv);
    const foreign = await importFile(file, other);
    expect([foreign.status, foreign.error?.code, foreign.attempts]).toEqual(['FAILED', 'UPLOAD_NOT_FOUND', 1]);
    expect((await importFile(file)).status).toBe('SUCCEEDED');
  });

  it('a job whose upload is missing fails at once with the reason', async () => {
    const { upload: never } = await begin(10);
    const job = await importFile(never);
    expect(job).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'UPLOAD_NOT_FOUND', message: expect.stringContaining(never) },
    });
  });

  it.each([
    ['is longer than announced', async () => send(await begin(5), '123456')],
    ['has another content type', async () => send(await begin(5), '12345', { 'Content-Type': 'text/html' })],
    ['has the key of another tenant', async () => send(await begin(5), '12345', { key: `${other.clientId}/mine` })],
    ['has a changed policy', async () => send(await begin(5), '12345', { policy: btoa('{"conditions":[]}') })],
  ])('an upload that %s is refused', async (_, sending) => {
    expect([400, 403]).toContain(await sending());
  });

  it('an upload must say how long it is and what it is', async () => {
    for (const body of ['{"bytes":1}', '{"bytes":0,"contentType":"a/b"}', '{']) {
      const answer = await request('/uploads', { method: 'POST', body });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    }
  });

  it('an import needs either the text of the file or the pointer to it', async () => {
    for (const input of [rules, { ...rules, csv, file: `upload-${'0'.repeat(32)}` }, { ...rules, file: 'x' }]) {
      const { status, body } = await submit('csv-import', input);
      expect([status, body.detail]).toEqual([400, expect.any(String)]);
    }
  });

  it('an uploaded file that is not CSV fails with the line, and one that is not text with that reason', async () => {
    const broken = await importFile(await upload('sku,quantity\n"A,1\n'));
    expect(broken.error).toMatchObject({ code: 'CSV_MALFORMED', message: expect.stringContaining('line 2') });
    const begun = await begin(4);
    expect(await send(begun, new Uint8Array([0xff, 0xfe, 0x41, 0x00]))).toBe(204);
    expect((await importFile(begun.upload)).error?.code).toBe('CSV_NOT_UTF8');
  });
});
