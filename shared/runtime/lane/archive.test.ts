import { sampleMessage } from '../../testing/workbench.ts';
import { s3Archive } from './archive.ts';

it('gives every job its own archive key, whatever its id, and keys that a URL does not shorten', async () => {
  const keys: string[] = [];
  const bucket = { put: async (key: string) => void keys.push(key) };
  const archive = s3Archive({ name: 'sample', lane: { kind: 'standard' } }, bucket, bucket);
  for (const id of ['.', '..', 'a/b', 'x'.repeat(200)]) {
    const job = { tenant: 't', type: 'sample', id, acceptedAt: new Date(0), traceId: '', options: {}, bodyDigest: '' };
    await archive.keepResult({ ...job, attempt: 1 }, 'null');
    await archive.keepFailed(sampleMessage(), job, { code: 'X', message: 'x' });
  }
  expect(new Set(keys).size).toBe(8);
  for (const key of keys) expect(new URL(`https://bucket/${key}`).pathname).toBe(`/${key}`);
});
