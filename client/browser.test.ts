import { join } from 'node:path';
import { build } from 'esbuild';
import { CHROMIUM, openPage } from './testing/chromium.ts';
import { doorServer, type Reply } from './testing/door-server.ts';

/** Longest bundle, in bytes, minified and not compressed. It had 20,508 when this was written. */
const MOST_BYTES = 24_000;

it('the client is bundled for the browser without zod, the AWS SDK or modules of Node, and is small', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(__dirname, 'index.ts')],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((file) => file.includes('node_modules/'))).toEqual([]);
  expect(inputs.filter((file) => /contracts\/jobs\/|contracts\/job(-type)?\.ts$/.test(file))).toEqual([]);
  expect(outputFiles[0]?.contents.length).toBeLessThan(MOST_BYTES);
});

const inBrowser = CHROMIUM ? it : it.skip;

inBrowser(
  'the client submits, waits and uploads with progress in a browser, where there is one',
  async () => {
    const page = `
    import { createClient } from '@spillway/client';
    const client = createClient({ apiUrl: location.origin, token: async () => 'token', apiKey: 'key' });
    const report = (found) => fetch('/report', { method: 'POST', body: JSON.stringify(found) });
    try {
      const seen = [];
      const file = new File(['a,b\\n'.repeat(500_000)], 'rows.csv', { type: 'text/csv' });
      const upload = await client.jobs.csvImport.upload(file, { onProgress: ({ sent, bytes }) => seen.push(sent / bytes) });
      const refused = await client.upload(new Blob(['x'])).catch(({ code, message }) => ({ code, message }));
      const aborted = await client.upload(file, { signal: AbortSignal.timeout(50) }).catch(({ name }) => name);
      const job = await client.jobs.csvImport.waitFor(await client.jobs.csvImport.submit({ file: upload, columns: [] }));
      report({ upload, last: seen.at(-1), refused, aborted, status: job.status });
    } catch (error) {
      report({ error: String(error) });
    }`;
    const { outputFiles } = await build({
      stdin: { contents: page, resolveDir: __dirname, loader: 'js' },
      alias: { '@spillway/client': join(__dirname, 'index.ts') },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
    });
    const door = await doorServer();
    const found = Promise.withResolvers<unknown>();
    const upload = `upload-${'a'.repeat(32)}`;
    let forms = 0;
    const form = () => {
      forms += 1;
      return { status: 201, body: { upload, url: `${door.url}/store/${forms}`, fields: { key: 'k' } } };
    };
    const replies: Record<string, (body: string) => Reply | undefined> = {
      'GET /': () => html('<script type="module" src="/page.js"></script>'),
      'GET /page.js': () => script(outputFiles[0]?.text ?? ''),
      'POST /uploads': form,
      'POST /store/1': () => ({ status: 204 }),
      'POST /store/2': () => ({ status: 403, body: '<Error><Message>Expired.</Message></Error>' }),
      'POST /store/3': () => ({ delayMs: 1000 }),
      'POST /jobs/csv-import': () => ({ status: 202, body: { jobId: 'j', status: 'QUEUED', links: { self: '/j' } } }),
      'GET /jobs/csv-import/j': () => ({
        body: { jobId: 'j', status: 'SUCCEEDED', settledAt: '2026-11-27T00:00:00Z' },
      }),
      'POST /report': (body) => void found.resolve(JSON.parse(body)),
    };
    door.answers(({ method, url, body }) => replies[`${method} ${url}`]?.(body) ?? {});
    const close = openPage(door.url);
    try {
      expect(await found.promise).toEqual({
        upload,
        last: 1,
        refused: { code: 'FORBIDDEN', message: 'The file was not uploaded (403). Expired.' },
        aborted: 'TimeoutError',
        status: 'SUCCEEDED',
      });
      const sent = door.received.find(({ url }) => url === '/store/1');
      expect(sent?.body).toContain('a,b\n'.repeat(500_000));
    } finally {
      await close();
      door.close();
    }
  },
  30_000,
);

const html = (body: string) => ({ body, headers: { 'content-type': 'text/html' } });
const script = (body: string) => ({ body, headers: { 'content-type': 'text/javascript' } });
