import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileKey } from '../../contracts/result-file.ts';
import { s3Requests } from '../s3-requests.ts';
import { creatorOf } from './result-files.ts';
import { openerOf } from './uploads.ts';

const before = { ...process.env };
const servers: Server[] = [];
afterEach(() => {
  process.env = { ...before };
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Call {
  method: string;
  path: string;
  body: string;
  range: string | undefined;
}

/** A bucket on a server that notes its requests. */
async function bucketThat(answer: (call: Call, response: ServerResponse, request: IncomingMessage) => unknown) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const call = {
      method: request.method ?? '',
      path: (request.url ?? '').replace('/bucket/', ''),
      body: await text(request),
      range: request.headers.range,
    };
    calls.push(call);
    answer(call, response, request);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  return { calls, s3: s3Requests('bucket') };
}

const FENCE = { tenant: 't', type: 'sample', id: 'j', attempt: 2 };
const MB = 1024 * 1024;

describe('an upload that is opened', () => {
  it('is claimed first, and then read in pieces of the same version', async () => {
    const file = 'x'.repeat(9 * MB);
    const { calls, s3 } = await bucketThat(({ method, range }, response, { headers }) => {
      if (method === 'HEAD') return response.writeHead(200, { 'content-length': file.length, etag: '"v1"' }).end();
      if (method === 'PUT') return response.end();
      const [, start = 0, end = 0] = /bytes=(\d+)-(\d+)/.exec(range ?? '')?.map(Number) ?? [];
      return response.writeHead(headers['if-match'] === '"v1"' ? 206 : 412).end(file.slice(start, end + 1));
    });
    const opened = await openerOf(s3)('t', 'upload-1');
    let read = 0;
    for await (const piece of opened?.stream() ?? []) read += piece.length;
    expect([opened?.bytes, read]).toEqual([file.length, file.length]);
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT t/upload-1?tagging=',
      'HEAD t/upload-1',
      'GET t/upload-1',
      'GET t/upload-1',
      'GET t/upload-1',
    ]);
    expect(calls[0]?.body).toContain('<Key>claim</Key><Value>job</Value>');
    expect(calls[4]?.range).toBe(`bytes=${8 * MB}-${9 * MB - 1}`);
  });

  it('does not exist if S3 knows no such object', async () => {
    const { s3 } = await bucketThat((_, response) => response.writeHead(404).end());
    expect(await openerOf(s3)('t', 'upload-1')).toBeUndefined();
  });

  it('cannot be opened by a job type whose contract declares no uploads', async () => {
    await expect(openerOf(undefined)('t', 'upload-1')).rejects.toThrow('must name the field');
  });
});

describe('a file of a result', () => {
  it('is one object under the key of its attempt if it is short', async () => {
    const { calls, s3 } = await bucketThat((_, response) => response.end());
    const file = creatorOf(s3)(FENCE, 'rows.jsonl', 'text/plain');
    await file.write('a\n');
    await file.write('b\n');
    expect(fileKey(await file.end())).toBe('results/t/sample/j/2/rows.jsonl');
    expect(calls).toMatchObject([{ method: 'PUT', path: 'results/t/sample/j/2/rows.jsonl', body: 'a\nb\n' }]);
  });

  it('is written in parts while the job runs if it is long', async () => {
    const { calls, s3 } = await bucketThat(({ path }, response) => {
      const [, part] = /partNumber=(\d)/.exec(path) ?? [];
      if (part) response.setHeader('etag', `"p${part}"`);
      response.end('<UploadId>u&amp;1</UploadId>');
    });
    const file = creatorOf(s3)(FENCE, 'rows.jsonl', 'text/plain');
    for (let n = 0; n < 20; n += 1) await file.write('x'.repeat(MB));
    await file.end();
    expect(calls.map(({ method, path, body }) => [method, path.split('?')[1]?.split('&')[0], body.length])).toEqual([
      ['POST', 'uploads=', 0],
      ['PUT', 'partNumber=1', 8 * MB],
      ['PUT', 'partNumber=2', 8 * MB],
      ['PUT', 'partNumber=3', 4 * MB],
      ['POST', expect.stringContaining('uploadId='), expect.any(Number)],
    ]);
    expect(calls[4]?.body).toContain('<PartNumber>3</PartNumber><ETag>"p3"</ETag>');
  });

  it('fails if S3 says in a 200 that it could not join the parts', async () => {
    const { s3 } = await bucketThat(({ method, path }, response) =>
      response.end(method === 'POST' && path.includes('uploadId=') ? '<Error>no</Error>' : '<UploadId>u</UploadId>'),
    );
    const file = creatorOf(s3)(FENCE, 'rows.jsonl', 'text/plain');
    await file.write('x'.repeat(8 * MB));
    await expect(file.end()).rejects.toThrow('did not complete');
  });
});
