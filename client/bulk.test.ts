import type { Client } from './index.ts';
import { doorForTests, type Reply } from './testing/door-server.ts';

const door = doorForTests();
let client: Client;
beforeAll(() => {
  client = door.client();
});

const POINTER = `upload-${'a'.repeat(32)}`;
const JOB = { jobId: 'bulk-1', links: { self: '/local/jobs/bulk-submit/bulk-1?acceptedAt=1' } };
const running = { status: 'RUNNING', progress: { done: 1, total: 2 } };
const settled = { status: 'SUCCEEDED', settledAt: '2026-11-27T12:00:00Z', result: { submitted: 2, refused: 0 } };

/** A front door that takes files and bulk jobs. The second look at a job finds it settled. @returns the inputs of the jobs */
function takesFiles() {
  const inputs: unknown[] = [];
  let looks = 0;
  door.answers(({ method, url, body }): Reply => {
    if (url === '/store') return { status: 204 };
    if (url === '/uploads') {
      return { status: 201, body: { upload: POINTER, url: `${door.url}/store`, fields: {}, expiresAt: '' } };
    }
    if (method === 'GET') {
      looks += 1;
      return { status: 200, body: { ...JOB, ...(looks === 1 ? running : settled) } };
    }
    inputs.push(JSON.parse(body));
    return { status: 202, body: { ...JOB, status: 'QUEUED' } };
  });
  return inputs;
}

describe('a bulk file of the client', () => {
  it('is uploaded, submitted once, and followed until its outcome', async () => {
    const inputs = takesFiles();
    const seen: unknown[] = [];
    const job = await client.jobs.webhookDelivery.bulk(new Blob(['{"input":{}}\n{"input":{}}\n']), {
      ratePerSecond: 10,
      onUploaded: (upload) => seen.push(upload),
      onJob: ({ status, progress }) => seen.push([status, progress?.done]),
    });
    expect(job).toMatchObject(settled);
    // the pointer is known before the job
    expect(seen).toEqual([POINTER, ['QUEUED', undefined], ['RUNNING', 1], ['SUCCEEDED', undefined]]);
    expect(inputs).toEqual([{ type: 'webhook-delivery', upload: POINTER, ratePerSecond: 10 }]);
  });

  it('is submitted by its pointer without another upload, if it was uploaded before', async () => {
    const inputs = takesFiles();
    const onUploaded = () => {
      throw new Error('nothing is uploaded');
    };
    await client.jobs.csvImport.bulk(POINTER, { onUploaded });
    expect(door.received.map(({ url }) => url)).not.toContain('/uploads');
    expect(inputs).toEqual([{ type: 'csv-import', upload: POINTER }]);
  });
});
