import { mkdtempSync, openAsBlob, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from './index.ts';
import { doorForTests, type Received, type Reply } from './testing/door-server.ts';

const door = doorForTests();
let client: Client;
beforeAll(() => {
  client = door.client();
});

const POINTER = `upload-${'a'.repeat(32)}`;
/** A front door that gives forms, and a store that answers to the n-th of them. */
const store = (answer: (n: number) => Reply) => {
  let forms = 0;
  door.answers(({ url }) => {
    if (url === '/store') return answer(forms);
    forms += 1;
    const fields = { key: `tenant/${forms}`, 'Content-Type': 'text/csv' };
    return { status: 201, body: { upload: POINTER, url: `${door.url}/store`, fields, expiresAt: '' } };
  });
};
const formOf = async ({ headers, body }: Received) => {
  const form = await new Response(body, { headers: { 'content-type': String(headers['content-type']) } }).formData();
  return Object.fromEntries(await Promise.all([...form].map(async ([name, value]) => [name, await textOf(value)])));
};
const textOf = async (value: string | Blob) => (typeof value === 'string' ? value : value.text());
const busy = { status: 503, headers: { 'retry-after': '0' } };

describe('an upload by the client', () => {
  it('announces a file of Node, sends it as a form with its length, reports its progress, and returns its pointer', async () => {
    store(() => ({ status: 204 }));
    const path = join(mkdtempSync(join(tmpdir(), 'client-')), 'rows.csv');
    const text = 'a,b\n'.repeat(50_000);
    writeFileSync(path, text);
    const seen: number[] = [];
    const file = await openAsBlob(path, { type: 'text/csv' });
    const onProgress = ({ sent, bytes }: { sent: number; bytes: number }) => seen.push(sent / bytes);
    expect(await client.jobs.csvImport.upload(file, { onProgress })).toBe(POINTER);
    const [begun, sent] = door.received as [Received, Received];
    expect(JSON.parse(begun.body)).toEqual({ bytes: text.length, contentType: 'text/csv' });
    expect(Number(sent.headers['content-length'])).toBe(Buffer.byteLength(sent.body));
    expect([sent.headers['transfer-encoding'], sent.headers.authorization]).toEqual([undefined, undefined]);
    expect(await formOf(sent)).toEqual({ key: 'tenant/1', 'Content-Type': 'text/csv', file: text });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort());
    expect(seen.at(-1)).toBe(1);
  });

  it('sends a file again with a form of its own after a lost connection or a busy store', async () => {
    store((n) => [{ drop: true as const }, busy, { status: 204 }][n - 1] ?? {});
    expect(await client.upload(new Blob(['x']))).toBe(POINTER);
    const sent = door.received.filter(({ url }) => url === '/store');
    expect(await formOf(sent.at(-1) as Received)).toMatchObject({ key: 'tenant/3', file: 'x' });
  });

  it('sends any stream whose length is known', async () => {
    store(() => ({ status: 204 }));
    expect(await client.upload({ size: 3, stream: () => new Blob(['abc']).stream() })).toBe(POINTER);
    expect(JSON.parse(door.received[0]?.body ?? '')).toEqual({ bytes: 3, contentType: 'application/octet-stream' });
  });

  it.each([
    ['longer', 2, 'The file has more than 2 bytes, but its size says 2.'],
    ['shorter', 4, 'The file has only 3 bytes, but its size says 4.'],
  ])('refuses a stream that is %s than it says, and does not send it again', async (_, size, message) => {
    store(() => ({ status: 204 }));
    const file = { size, stream: () => new Blob(['abc']).stream() };
    await expect(client.upload(file)).rejects.toMatchObject({ code: 'WRONG_SIZE', message });
    expect(door.received.filter(({ url }) => url === '/uploads')).toHaveLength(1);
  });

  it('fails with the reason of the file, if it cannot be read', async () => {
    store(() => ({ status: 204 }));
    const stream = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(new Error('the disk is gone')),
      });
    await expect(client.upload({ size: 3, stream })).rejects.toThrow('the disk is gone');
  });

  it('is not repeated after a refusal, and says what the store or the front door says', async () => {
    const body = '<Error><Code>EntityTooLarge</Code><Message>Too large.</Message></Error>';
    store(() => ({ status: 400, body }));
    await expect(client.upload(new Blob(['x']))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'The file was not uploaded (400). Too large.',
    });
    expect(door.received).toHaveLength(2);
    door.answers(() => ({ status: 400, body: { detail: 'Send bytes and contentType: bytes: too small' } }));
    await expect(client.upload(new Blob([]))).rejects.toThrow('bytes: too small');
    expect(door.received).toHaveLength(1);
  });

  it('ends with the reason of its signal', async () => {
    store(() => ({ status: 204 }));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(client.upload(new Blob(['x']), { signal })).rejects.toThrow('enough');
  });
});
