import { createClient } from './index.ts';
import { doorServer, type Reply } from './testing/door-server.ts';

let door: Awaited<ReturnType<typeof doorServer>>;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  door = await doorServer();
  client = createClient({ apiUrl: door.url, token: 'token', apiKey: 'key' });
});
afterAll(() => door.close());

const POINTER = `upload-${'a'.repeat(32)}`;
const settled = { status: 'SUCCEEDED', settledAt: '2026-11-27T12:00:00Z', result: { submitted: 1, refused: 0 } };

/** A front door that takes files and bulk jobs, whose jobs are settled at once. @returns the inputs of the jobs */
function takesFiles() {
  const inputs: unknown[] = [];
  door.answers(({ method, url, body }): Reply => {
    if (url === '/store') return { status: 204 };
    if (url === '/uploads')
      return { status: 201, body: { upload: POINTER, url: `${door.url}/store`, fields: {}, expiresAt: '' } };
    if (method === 'GET') return { status: 200, body: { jobId: 'bulk-1', ...settled } };
    inputs.push(JSON.parse(body));
    return { status: 202, body: { jobId: 'bulk-1', status: 'QUEUED', links: { self: `${url}?acceptedAt=1` } } };
  });
  return inputs;
}

describe('a bulk file of the client', () => {
  it('a bulk file is uploaded and submitted, and its pointer is known before the job', async () => {
    const inputs = takesFiles();
    const seen: string[] = [];
    const job = await client.jobs.csvImport.bulk(new Blob(['{}']), {
      onUploaded: (upload) => seen.push(upload),
      onJob: ({ status }) => seen.push(status),
    });
    expect(job).toMatchObject(settled);
    expect(seen).toEqual([POINTER, 'QUEUED', 'SUCCEEDED']);
    expect(inputs).toEqual([{ type: 'csv-import', upload: POINTER }]);
  });

  it('a bulk file that was uploaded before is submitted by its pointer without another upload', async () => {
    const inputs = takesFiles();
    const onUploaded = () => {
      throw new Error('nothing is uploaded');
    };
    await client.jobs.csvImport.bulk(POINTER, { onUploaded, ratePerSecond: 7 });
    expect(door.received.map(({ url }) => url)).not.toContain('/uploads');
    expect(inputs).toEqual([{ type: 'csv-import', upload: POINTER, ratePerSecond: 7 }]);
  });
});
